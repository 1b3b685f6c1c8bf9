// Puts times, browsers and reasons into words.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const steps = [['second', 60], ['minute', 60], ['hour', 24], ['day', 30], ['month', 12], ['year', Infinity]];

/** "5 minutes ago". */
export function ago(time) {
  let count = Math.min(0, (new Date(time) - Date.now()) / 1000);
  for (const [unit, next] of steps) {
    if (Math.abs(count) < next || next === Infinity) return unit === 'second' ? 'just now' : relative.format(Math.round(count), unit);
    count /= next;
  }
  return '';
}

/** "21 Nov 2026". */
export function date(time) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(time));
}

/** "21 Nov 2026, 14:05". */
export function moment(time) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

// The order matters: most browsers also name those that they descend from.
const browsers = [
  ['Edge', /\bEdg(A|iOS)?\//], ['Opera', /\bOPR\//], ['Samsung Internet', /SamsungBrowser/], ['Vivaldi', /Vivaldi/],
  ['Firefox', /\b(Firefox|FxiOS)\//], ['Chrome', /\b(Headless)?(Chrome|CriOS)\//], ['Safari', /\bVersion\/.*Safari/],
];
const systems = [
  ['iPhone', /iPhone/], ['iPad', /iPad/], ['Android', /Android/], ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/], ['ChromeOS', /CrOS/], ['Linux', /Linux|X11/],
];

/** What a User-Agent stands for: "Firefox on Windows", and the icon for it. */
export function device(agent) {
  const find = (list) => list.find(([, pattern]) => pattern.test(agent))?.[0];
  const browser = find(browsers);
  const system = find(systems);
  if (!browser) return { name: agent.split(/[\s(]/)[0] || 'Unknown program', icon: 'program' };
  const icon = /iPhone|Android/.test(system ?? '') ? 'phone' : 'computer';
  return { name: system ? `${browser} on ${system}` : browser, icon };
}

/** Why a session ended, by its endReason. */
export const endings = {
  signed_out: 'Signed out there.',
  revoked: 'Ended from another device.',
  password_changed: 'Ended because the password was changed.',
  too_many_sessions: 'Ended to make room for a newer sign-in.',
  reused: 'Ended for your safety: its key, already traded for a newer one, was used again, as happens when somebody has copied it. '
    + 'If you cannot explain that, change your password.',
};

/** What to tell somebody who was signed out without asking for it. */
export function signedOut({ reason, message }) {
  if (reason === 'token_reused') {
    return ['You were signed out for your safety', 'Somebody may have copied this browser’s key: one that had already been traded '
      + 'for a newer one was used again. So this sign-in was ended, for everyone who holds it. Sign in again, look through your '
      + 'devices, and change your password if one of them is not yours.'];
  }
  if (reason === 'session_ended' && message) {
    return ['You were signed out', `${message} If you cannot explain that, look through your devices once you are in, and change `
      + 'your password.'];
  }
  return ['You were signed out', 'Your sign-in has expired. What you typed is still here once you have signed in again.'];
}

/** What to tell somebody whose browser dropped the cookies of a sign-in, as it does with Secure ones that come over http. */
export function notKept() {
  return ['Your browser did not keep the sign-in', isSecureContext
    ? 'It takes no cookies from this page. Allow them, and sign in again.'
    : 'This page was opened over http: open it by https or as http://localhost, or, for a trial, start the service with '
      + 'COOKIE_SECURE=false.'];
}
