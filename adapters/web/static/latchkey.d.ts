/** A user, as Latchkey tells of one. What was not given is "". */
export interface User {
  _id: string;
  username: string;
  fullname: string;
  email: string;
  /** The URL of the picture. */
  avatar: string;
  coverImage: string;
  /** RFC 3339, UTC. Left out if unknown, as it may be of users that another back end stored. */
  createdAt?: string;
  updatedAt?: string;
}

/** What registration takes. Which fields it demands is the service's setting; the error says which are missing. */
export interface Registration {
  email?: string;
  password: string;
  username?: string;
  fullname?: string;
  avatar?: Blob | null;
  coverImage?: Blob | null;
}

export type Credentials = { email: string; password: string } | { username: string; password: string };

/** Somebody signed in or out, in this tab or in another one. */
export interface Change {
  /** Who is signed in now; null for nobody. */
  user: User | null;
  /**
   * "signed_in" and "signed_out" were done on purpose. Anything else is the code with which the service refused:
   * "token_missing" (nobody was signed in), "session_ended" (expired, or ended from elsewhere),
   * "token_reused" (a refresh token was used twice: it may have been stolen), "token_expired", "token_invalid".
   */
  reason: 'signed_in' | 'signed_out' | 'token_missing' | 'token_expired' | 'token_invalid' | 'session_ended' | 'token_reused';
  /** The service's own words, where it refused. */
  message?: string;
}

export interface Options {
  /** Where Latchkey is. Default: where latchkey.js was loaded from. Your origin must be in the service's CLIENT_URL. */
  base?: string | URL;
  /**
   * "cookie" (default): the tokens are in HttpOnly cookies, out of any script's reach.
   * "memory": they are kept in memory and shared with other open tabs of this origin; a reload of the last tab signs out.
   * For browsers that send no cookies to another site.
   */
  tokens?: 'cookie' | 'memory';
  /** Origins of other services that take the access token. Requests to any other origin are passed on untouched. */
  origins?: string[];
}

/** What a call throws that the service refused. A lost connection is a TypeError, as with the browser's own fetch. */
export class LatchkeyError extends Error {
  /** The HTTP status. */
  status: number;
  /** The stable code, such as "validation_failed"; "" where the answer was not Latchkey's. */
  code: string;
  /** Which fields are to blame, and why. */
  errors: { field: string; message: string }[];
  /** Seconds to wait before trying again; 0 where waiting does not help. */
  retryAfter: number;
}

/**
 * Registers, signs in and out, and keeps requests signed in.
 *
 *     import { Latchkey } from 'https://auth.example.org/latchkey.js';
 *     const auth = new Latchkey();
 *     auth.onChange(({ user }) => render(user));
 *     await auth.login({ email, password });
 *     const res = await auth.fetch('/api/v1/users/me');
 */
export class Latchkey {
  constructor(options?: Options);

  /** Makes an account. It does not sign in. */
  register(fields: Registration): Promise<User>;

  /** Signs in, in all tabs. */
  login(credentials: Credentials): Promise<User>;

  /** Signs out, in all tabs. It throws, and nobody is signed out, when the service cannot be reached. */
  logout(): Promise<void>;

  /** Deletes the account of who is signed in, and signs out in all tabs. */
  deleteAccount(password: string): Promise<void>;

  /** Who is signed in; null for nobody. */
  user(): Promise<User | null>;

  /**
   * The browser's fetch, signed in. When the access token has expired, it is refreshed once for all callers and all tabs,
   * and the request is repeated once. When it cannot be refreshed, the answer is the service's 401, and listeners are
   * told. A connection that is lost while refreshing is retried for some seconds; it signs nobody out.
   * Relative URLs are relative to `base`.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /** Calls the listener with every change, until the function that it returns is called. */
  onChange(listener: (change: Change) => void): () => void;
}
