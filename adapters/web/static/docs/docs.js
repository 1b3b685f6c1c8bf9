// Renders /openapi.json with Swagger UI. A file of its own, because the Content-Security-Policy allows nothing inline.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  validatorUrl: null, // nothing leaves this service
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: false,
});
