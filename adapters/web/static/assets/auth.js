// The account page uses what every front end can use: latchkey.js and the public API.
import { Latchkey, LatchkeyError } from '/latchkey.js';

export const auth = new Latchkey();

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
