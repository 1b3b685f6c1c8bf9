// What somebody who is signed in sees.
import { auth, call } from './auth.js';
import { date } from './describe.js';
import { forgetDevices, loadDevices, startDevices } from './devices.js';
import { $, say } from './dom.js';
import { fill, forget, onSubmit, setBusy } from './forms.js';
import { showPictures, uploadPictures } from './pictures.js';
import { clearProblems, explain } from './problems.js';

const forms = ['profile-form', 'password-form', 'delete-form'];
let shown; // the id of the user whose account the page holds

export function startAccount() {
  startProfile();
  startPassword();
  startDeletion();
  startDevices();
  uploadPictures(showUser);
  $('sign-out').addEventListener('click', signOut);
}

/** Shows an account. What its owner had typed and not yet sent stays as it is. Answers whether the service knew them still. */
export function showAccount(user) {
  if (shown !== user._id) forgetAccount();
  shown = user._id;
  showUser(user);
  return loadDevices();
}

/** Takes everything about an account off the page. */
export function forgetAccount() {
  shown = undefined;
  forms.forEach((id) => forget($(id)));
  forgetDevices();
}

function showUser(user) {
  $('account-title').textContent = user.fullname || user.username || user.email;
  const name = user.fullname && (user.email || user.username);
  const since = user.createdAt && `Member since ${date(user.createdAt)}`;
  $('account-since').textContent = [name, since].filter(Boolean).join(' · ');
  // Hidden fields, by which password managers know whose password it is.
  $('password-account').value = $('delete-account').value = user.email || user.username;
  for (const name of ['fullname', 'email', 'username']) fill($('profile-form').elements[name], user[name]);
  showPictures(user);
}

function startProfile() {
  onSubmit($('profile-form'), async ({ fullname, email, username }) => {
    const changed = [fullname, email, username].filter((input) => input.value !== input.defaultValue);
    if (!changed.length) {
      say('Nothing has changed.');
      return;
    }
    const user = await call('PATCH', 'me', Object.fromEntries(changed.map((input) => [input.name, input.value])));
    for (const input of changed) input.value = input.defaultValue = user[input.name];
    showUser(user);
    say('Profile saved.');
  });
}

function startPassword() {
  onSubmit($('password-form'), async ({ oldPassword, newPassword }) => {
    await call('POST', 'change-password', { oldPassword: oldPassword.value, newPassword: newPassword.value });
    oldPassword.value = newPassword.value = '';
    say('Password changed. You are signed out everywhere else.');
    loadDevices();
  });
}

function startDeletion() {
  const dialog = $('delete-dialog');
  const form = $('delete-form');
  $('delete-open').addEventListener('click', () => dialog.showModal());
  $('delete-cancel').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    form.reset();
    clearProblems(form);
  });
  onSubmit(form, async ({ password }) => {
    await auth.deleteAccount(password.value);
    say('Your account is deleted.');
  });
}

async function signOut() {
  const button = $('sign-out');
  if (button.ariaDisabled === 'true') return;
  setBusy(button, true);
  try {
    await auth.logout();
    say('You are signed out.');
  } catch (error) {
    say(explain(error));
  } finally {
    setBusy(button, false);
  }
}
