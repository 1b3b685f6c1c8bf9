import { call } from './auth.js';
import { ago, date, device, endings, moment } from './describe.js';
import { $, make, say } from './dom.js';
import { setBusy } from './forms.js';
import { explain } from './problems.js';

/** Reads and shows where the user is signed in, and what ended lately. Answers whether it could. */
export async function loadDevices() {
  try {
    render(await call('GET', 'sessions'));
    fail('');
    return true;
  } catch (error) {
    fail(explain(error));
    return false;
  }
}

/** Takes the last user's devices off the page. */
export function forgetDevices() {
  render([]);
  fail('');
}

export function startDevices() {
  $('end-others').addEventListener('click', ({ currentTarget }) => run(currentTarget, async () => {
    const { ended } = await call('DELETE', 'sessions?keep=current');
    say(ended === 1 ? 'One other device is signed out.' : `${ended} other devices are signed out.`);
  }));
}

/** Runs what a button of this section does, and shows the devices as they are then. */
async function run(button, action) {
  if (button.ariaDisabled === 'true') return;
  setBusy(button, true);
  try {
    await action();
    await loadDevices();
    $('devices-title').focus();
  } catch (error) {
    fail(explain(error));
  } finally {
    setBusy(button, false);
  }
}

function render(sessions) {
  const now = Date.now();
  const alive = sessions.filter((s) => !s.endedAt && new Date(s.expiresAt) > now).sort((a, b) => b.current - a.current);
  const ended = sessions.filter((s) => s.endedAt);
  $('devices').replaceChildren(...alive.map(item));
  $('ended-devices').replaceChildren(...ended.map(item));
  $('ended').hidden = !ended.length;
  $('end-others').hidden = !alive.some((s) => !s.current);
}

function item(session) {
  const { name, icon } = device(session.userAgent);
  const li = $('device').content.firstElementChild.cloneNode(true);
  const find = (selector) => li.querySelector(selector);
  find('use').setAttribute('href', `/assets/icons.svg#${icon}`);
  find('.browser').textContent = name;
  find('.browser').title = session.userAgent;
  find('.badge').hidden = !session.current || Boolean(session.endedAt);
  find('.facts').append(...facts(session).flatMap((fact) => [fact, ' ']));
  if (session.endedAt) {
    find('.why').textContent = endings[session.endReason] ?? 'Ended.';
    find('.why').hidden = false;
    li.classList.toggle('alarm', session.endReason === 'reused');
  }
  arm(find('button'), session, name);
  return li;
}

function arm(button, session, name) {
  if (session.current || session.endedAt) {
    button.remove();
    return;
  }
  button.textContent = 'Sign out';
  button.setAttribute('aria-label', `Sign out ${name}, address ${session.ip}`);
  button.addEventListener('click', () => run(button, async () => {
    await call('DELETE', `sessions/${encodeURIComponent(session.id)}`);
    say(`${name} is signed out.`);
  }));
}

function facts({ ip, createdAt, lastUsedAt, expiresAt, endedAt }) {
  const address = make('span', { className: 'address', textContent: ip });
  const since = when('Signed in ', createdAt, moment(createdAt));
  if (endedAt) return [address, since, when('Ended ', endedAt, ago(endedAt))];
  return [address, since, when('Refreshed ', lastUsedAt, ago(lastUsedAt)), when('Good until ', expiresAt, date(expiresAt))];
}

function when(text, time, words) {
  return make('span', {}, text, make('time', { dateTime: time, title: moment(time), textContent: words }));
}

function fail(text) {
  $('devices-error').textContent = text;
  $('devices-error').hidden = !text;
}
