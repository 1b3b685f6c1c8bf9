// A back end as tutorials have it: Express, Mongoose, bcrypt, jsonwebtoken and cookies.
import cookieParser from 'cookie-parser'
import express from 'express'
import mongoose from 'mongoose'

import users from './user.routes.js'

const app = express()
app.use(express.json({ limit: '16kb' }))
app.use(express.urlencoded({ extended: true, limit: '16kb' }))
app.use(cookieParser())
app.use('/api/v1/users', users)
app.use((error, request, response, next) => {
  const statusCode = error.statusCode ?? 500
  response.status(statusCode).json({ statusCode, success: false, message: error.message, errors: [], data: null })
})

await mongoose.connect(process.env.MONGODB_URI)
const server = app.listen(process.env.PORT ?? 8000, '127.0.0.1', () => {
  console.log(`Server is running at port ${server.address().port}`)
})

process.on('SIGTERM', () => {
  server.closeAllConnections()
  server.close(() => mongoose.disconnect())
})
