// latchkey.js: registers, signs in and out, and keeps requests signed in. Types and documentation: latchkey.d.ts.

const API = '/api/v1/users/';
const CURABLE = ['token_missing', 'token_expired', 'token_invalid', 'session_ended'];
const LIMIT = 15000; // for what other tabs wait for
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const body = (res) => res.clone().json().catch(() => ({}));

/** What a call that failed throws. */
export class LatchkeyError extends Error {
  constructor(res, { message, code, errors }) {
    super(message || `Latchkey answered ${res.status}.`);
    this.name = 'LatchkeyError';
    this.status = res.status;
    this.code = code || '';
    this.errors = errors || [];
    this.retryAfter = Number(res.headers.get('Retry-After')) || 0;
  }
}

/** One browser tab's view of a Latchkey. */
export class Latchkey {
  #base; #origins; #memory; #tokens; #user; #refreshing; #channel; #key;
  #listeners = new Set();

  constructor({ base = new URL('/', import.meta.url), tokens = 'cookie', origins = [] } = {}) {
    this.#base = new URL(base, globalThis.location?.href);
    this.#origins = new Set([this.#base.origin, ...origins.map((o) => new URL(o).origin)]);
    this.#memory = tokens === 'memory';
    this.#key = `latchkey ${this.#base.origin}${this.#memory ? ' memory' : ''}`;
    if (!globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(this.#key);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    if (this.#memory) this.#channel.postMessage({ ask: true });
  }

  async register(fields) {
    const files = Object.values(fields).some((v) => v instanceof Blob);
    return this.#call('register', files ? form(fields) : fields);
  }

  async login(credentials) {
    return this.#alone(async () => {
      const data = await this.#call('login', credentials, LIMIT);
      this.#keep(data);
      this.#turn({ user: data.user, reason: 'signed_in' }, true);
      return data.user;
    });
  }

  async logout() {
    return this.#alone(async () => {
      const token = this.#tokens?.refreshToken;
      await this.#call('logout', token && { refreshToken: token }, LIMIT).catch((err) => {
        if (err.status !== 401) throw err; // 401: it was over already
      });
      this.#turn({ user: null, reason: 'signed_out' }, true);
    });
  }

  async deleteAccount(password) {
    const res = await this.fetch(API + 'me', {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    if (!res.ok) throw new LatchkeyError(res, await body(res));
    this.#turn({ user: null, reason: 'signed_out' }, true);
  }

  async user() {
    const res = await this.fetch(API + 'me');
    const answer = await body(res);
    if (res.status === 401) return null;
    if (!res.ok) throw new LatchkeyError(res, answer);
    if (this.#user?._id !== answer.data._id) this.#turn({ user: answer.data, reason: 'signed_in' });
    return answer.data;
  }

  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async fetch(input, init) {
    const req = input instanceof Request ? new Request(input, init) : new Request(new URL(input, this.#base), init);
    if (!this.#origins.has(new URL(req.url).origin)) return fetch(req);
    const seen = this.#stamp();
    const res = await this.#send(req.clone());
    if (res.status !== 401) return res;
    const { code, message } = await body(res);
    if (code && !CURABLE.includes(code)) return res;
    if (this.#stamp() === seen) { // else it was cured while this request was under way
      if (code === 'session_ended') return this.#lost(res, code, message);
      const refused = await (this.#refreshing ??= this.#refresh(seen).finally(() => { this.#refreshing = null; }));
      if (refused) return refused.clone();
    }
    return this.#send(req);
  }

  /** Answers nothing when there are new tokens, and the service's answer when there are none to be had. */
  async #refresh(seen) {
    // A refresh is idempotent, so one whose answer got lost is asked for again.
    // Between two attempts other tabs have their turn: this one may be in the background, with slow timers.
    for (let wait = 250; ; wait *= 2) {
      try {
        const res = await this.#alone(() => this.#redeem(seen));
        if (!res || res.status < 500 || wait > 4000) return res;
      } catch (err) {
        if (wait > 4000) throw err;
      }
      await pause(wait);
    }
  }

  async #redeem(seen) {
    if (this.#stamp() !== seen) return; // another tab was faster
    const res = await this.#send(this.#post('refresh-token', this.#memory ? { refreshToken: this.#tokens?.refreshToken } : undefined, LIMIT));
    const { code, message, data } = await (res.ok ? res.json() : body(res)); // a cut-off answer throws
    if (res.ok) return this.#keep(data);
    return res.status === 401 ? this.#lost(res, code, message) : res;
  }

  async #call(route, content, limit) {
    const res = await this.#send(this.#post(route, content, limit));
    const answer = await res.json().catch(() => ({}));
    if (!res.ok) throw new LatchkeyError(res, answer);
    return answer.data;
  }

  #post(route, content, limit) {
    const json = content && !(content instanceof FormData);
    return new Request(new URL(API + route, this.#base), {
      method: 'POST',
      headers: json ? { 'Content-Type': 'application/json' } : {},
      body: json ? JSON.stringify(content) : content,
      signal: limit && AbortSignal.timeout(limit),
    });
  }

  #send(req) {
    if (this.#tokens) req.headers.set('Authorization', `Bearer ${this.#tokens.accessToken}`);
    return fetch(req, { credentials: this.#memory ? 'omit' : 'include' });
  }

  /** Changes of who is signed in take turns across tabs, so that no late answer overwrites a newer cookie. */
  #alone(work) {
    return globalThis.navigator?.locks ? navigator.locks.request(this.#key, work) : work();
  }

  /** What differs after a refresh in whichever tab. */
  #stamp() {
    if (this.#memory) return this.#tokens?.accessToken;
    try { return localStorage.getItem(this.#key); } catch { return; }
  }

  #keep({ accessToken, refreshToken }) {
    if (this.#memory) {
      this.#tokens = { accessToken, refreshToken };
      this.#channel?.postMessage({ tokens: this.#tokens });
      return;
    }
    // Not the token: only that there is a new one. Where nothing can be stored, each tab refreshes for itself.
    try { localStorage.setItem(this.#key, Date.now() + Math.random()); } catch { /* see above */ }
  }

  #lost(res, reason, message) {
    if (this.#user !== null) this.#turn({ user: null, reason, message }, reason !== 'token_missing');
    return res;
  }

  #turn(change, tell) {
    this.#user = change.user;
    if (!change.user) this.#tokens = null;
    if (tell) this.#channel?.postMessage({ change });
    this.#listeners.forEach((listener) => listener(change));
  }

  #hear({ ask, tokens, change }) {
    if (ask && this.#tokens) this.#channel.postMessage({ tokens: this.#tokens, change: this.#user && { user: this.#user, reason: 'signed_in' } });
    if (tokens) this.#tokens = tokens;
    if (change) this.#turn(change);
  }
}

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value != null) data.append(name, value);
  return data;
}
