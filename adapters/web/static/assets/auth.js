// The account page uses what every front end can use: latchkey.js and the public API.
import { Latchkey, LatchkeyError } from '/latchkey.js';

export const auth = new Latchkey();

/**
 * Who is signed in as the page opens; null for nobody. Only the service knows: the cookies are out of reach, and may be
 * from another front end. It answers strangers 401, so a worker asks first, and the page only where somebody is here.
 */
export async function whoIsHere() {
  const found = await new Promise((done) => {
    const worker = new Worker('/assets/who.js', { type: 'module' });
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = () => done({ user: true }); // it could not start: the page asks
  });
  if (found.unreachable) throw new TypeError('The service could not be reached.');
  return found.user && auth.user();
}

/** Calls a route of the API, signed in; answers its data, or throws a LatchkeyError. */
export async function call(method, route, content) {
  const json = content && !(content instanceof FormData);
  const res = await auth.fetch(`/api/v1/users/${route}`, {
    method,
    headers: json ? { 'Content-Type': 'application/json' } : {},
    body: json ? JSON.stringify(content) : content,
  });
  const answer = await res.json().catch(() => ({}));
  if (!res.ok) throw new LatchkeyError(res, answer);
  return answer.data;
}
