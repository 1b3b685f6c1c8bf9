// A worker that says who is signed in. It has no page: that nobody is stands in no console as an error.
import { Latchkey } from '/latchkey.js';

try {
  postMessage({ user: await new Latchkey().user() });
} catch {
  postMessage({ unreachable: true });
}
close();
