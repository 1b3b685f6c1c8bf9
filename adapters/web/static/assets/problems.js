// Shows what went wrong: beside the field that is to blame, else at the foot of the form.
import { make } from './dom.js';

/** An error in words that help. */
export function explain(error) {
  if (error.retryAfter > 1) return `${error.message} Try again in ${duration(error.retryAfter)}.`;
  if (error.name === 'LatchkeyError') return error.message;
  return 'The service could not be reached. Nothing you typed is lost: check your connection, and try again.';
}

/** Puts an error into a form, and the focus on the first field that is to blame. */
export function showProblems(form, error) {
  const blamed = [];
  const rest = [];
  for (const { field, message } of error.errors ?? []) {
    const input = inputOf(form, field);
    if (input) blamed.push(blame(input, words(input, message)));
    else rest.push(`${field} ${message}.`);
  }
  const credential = form.querySelector('[data-wrong]');
  if (error.code === 'invalid_credentials' && credential) blamed.push(blame(credential, credential.dataset.wrong));
  if (!blamed.length || rest.length) addSummary(form, [...(blamed.length ? [] : [explain(error)]), ...rest].join(' '));
  blamed[0]?.focus();
}

/** What is wrong with an input. One that turns out to be demanded here is no longer said to be optional. */
function words(input, message) {
  const missing = message.startsWith('is required');
  if (missing) delete input.labels[0].dataset.optional;
  return missing && input.dataset.missing || `${label(input)} ${message}.`;
}

/** Marks an input as wrong, and says why beside it. */
export function blame(input, text) {
  clearProblem(input);
  const error = make('p', { className: 'error', id: `${input.id}-error`, textContent: text });
  const portrait = input.closest('.portrait');
  if (portrait) portrait.after(error);
  else input.closest('.field').append(error);
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-errormessage', error.id);
  input.setAttribute('aria-describedby', [error.id, input.dataset.described].filter(Boolean).join(' '));
  return input;
}

/** Takes back what was said of an input. */
export function clearProblem(input) {
  document.getElementById(`${input.id}-error`)?.remove();
  input.removeAttribute('aria-invalid');
  input.removeAttribute('aria-errormessage');
  if (input.dataset.described) input.setAttribute('aria-describedby', input.dataset.described);
  else input.removeAttribute('aria-describedby');
}

/** Takes back what was said of a form and its inputs. */
export function clearProblems(form) {
  form.querySelectorAll('input').forEach(clearProblem);
  form.querySelector('.form-error')?.remove();
}

function addSummary(form, text) {
  const summary = make('p', { className: 'form-error', textContent: text });
  summary.setAttribute('role', 'alert');
  form.querySelector('[type="submit"]').closest('.choice, [type="submit"]').before(summary);
}

function inputOf(form, field) {
  return form.elements[field] ?? form.querySelector(`[data-also~="${CSS.escape(field)}"]`);
}

function label(input) {
  return input.dataset.label ?? input.labels[0].textContent.trim();
}

function duration(seconds) {
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
