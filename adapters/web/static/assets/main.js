// Starts the page, and decides which of its views is shown.
import { forgetAccount, showAccount, startAccount } from './account.js';
import { auth, whoIsHere } from './auth.js';
import { notKept, signedOut } from './describe.js';
import { $, dismissNotice, notify } from './dom.js';
import { startDoors } from './doors.js';
import { equipPasswords } from './forms.js';

const titles = { 'sign-in': 'Sign in', register: 'Create your account', account: 'Your account', unreachable: 'No connection' };
let kept = false; // whether the sign-in came back from the browser, so that the service knew it
let view = 'waiting'; // until the service has said who is here, nothing else is shown

function open(next) {
  const before = view;
  view = next;
  for (const id of ['waiting', ...Object.keys(titles)]) $(id).hidden = id !== next;
  $('sign-out').hidden = next !== 'account';
  document.title = `${titles[next]} · Latchkey`;
  if (before === next || before === 'waiting' || !$('notice').hidden) return;
  scrollTo(0, 0);
  $(next).querySelector('h1').focus();
}

const door = () => (location.hash === '#register' ? 'register' : 'sign-in');

auth.onChange((change) => {
  if (change.user) {
    dismissNotice();
    kept = false;
    showAccount(change.user).then((known) => { kept ||= known; });
    history.replaceState(null, '', location.pathname);
    open('account');
    return;
  }
  const wasIn = view === 'account';
  $('delete-dialog').close();
  if (change.reason === 'signed_out') forgetAccount();
  if (wasIn && change.reason === 'token_missing' && !kept) notify(...notKept());
  else if (change.reason !== 'signed_out' && (wasIn || change.reason !== 'token_missing')) notify(...signedOut(change));
  open(door());
});

/** Asks who is here. A service that does not answer signs nobody out. */
async function ask() {
  const known = view === 'account';
  try {
    const user = await (known ? auth.user() : whoIsHere()); // somebody who is new here is told to onChange first
    if (user && (known || view !== 'account')) showAccount(user);
    if (user && view !== 'account') open('account');
    if (!user && (view === 'waiting' || view === 'unreachable')) open(door());
  } catch {
    if (view !== 'account') open('unreachable');
  }
}

equipPasswords();
startDoors();
startAccount();
$('retry').addEventListener('click', ask);
$('notice-close').addEventListener('click', () => {
  dismissNotice();
  $(view).querySelector('h1').focus();
});
addEventListener('hashchange', () => {
  if (view === 'sign-in' || view === 'register') open(door());
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && (view === 'account' || view === 'unreachable')) ask();
});
ask();
