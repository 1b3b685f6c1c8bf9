import { call } from './auth.js';
import { $, say } from './dom.js';
import { blame, clearProblem, explain } from './problems.js';

const MAX_BYTES = 5 << 20;
const ROUTES = { avatar: 'me/avatar', coverImage: 'me/cover-image' };

/** Shows each picture that is chosen in a form, before anything is sent. */
export function previewPictures(form) {
  for (const input of form.querySelectorAll('[type="file"]')) {
    input.addEventListener('change', () => acceptable(input) && show(input, URL.createObjectURL(input.files[0])));
  }
  form.addEventListener('reset', () => form.querySelectorAll('[type="file"]').forEach((input) => show(input, '')));
}

/** Sends each picture that is chosen on the account at once. */
export function uploadPictures(onChanged) {
  for (const input of $('pictures').querySelectorAll('[type="file"]')) {
    input.addEventListener('change', () => acceptable(input) && upload(input, onChanged));
  }
}

/** Shows the pictures that are stored. */
export function showPictures(user) {
  show($('avatar'), source(user.avatar));
  show($('cover'), source(user.coverImage));
  $('initials').textContent = initials(user);
}

async function upload(input, onChanged) {
  const field = input.closest('.field');
  if (field.classList.contains('busy')) return;
  const before = imageOf(input).getAttribute('src') ?? '';
  const content = new FormData();
  content.append(input.name, input.files[0]);
  show(input, URL.createObjectURL(input.files[0]));
  field.classList.add('busy');
  try {
    onChanged(await call('PATCH', ROUTES[input.name], content));
    say('Picture changed.');
  } catch (error) {
    show(input, before);
    const { message } = error.errors?.find((e) => e.field === input.name) ?? {};
    blame(input, message ? `The picture ${message}.` : explain(error)).focus();
  } finally {
    field.classList.remove('busy');
    input.value = ''; // so that the same file can be chosen again
  }
}

function acceptable(input) {
  clearProblem(input);
  const [file] = input.files;
  if (!file) return false;
  if (file.size <= MAX_BYTES) return true;
  blame(input, 'The picture must have at most 5 MB.');
  input.value = '';
  return false;
}

function show(input, url) {
  const image = imageOf(input);
  const before = image.getAttribute('src') ?? '';
  if (before === url) return;
  if (before.startsWith('blob:')) URL.revokeObjectURL(before);
  if (url) image.src = url;
  else image.removeAttribute('src');
  image.hidden = !url;
  const { dataset } = image.parentElement;
  if (dataset.empty) image.parentElement.querySelector('.change').textContent = url ? 'Change' : dataset.empty;
}

function imageOf(input) {
  return input.labels[0].querySelector('img');
}

/** Pictures that this service keeps are taken from it by the name that this page has for it. */
function source(url) {
  if (!url) return '';
  const { pathname } = new URL(url, location);
  return pathname.startsWith('/images/') ? pathname : url;
}

function initials({ fullname, username, email }) {
  const words = (fullname || username || email).split(/[\s@._-]+/).filter(Boolean);
  return [words[0], fullname && words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}
