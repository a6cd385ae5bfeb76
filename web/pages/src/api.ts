/** Requests to the API; errors keep the id that the server gave them. */

import type { TextKey } from "./locales/en";
import { en } from "./locales/en";
import type {
  AgentDayReport,
  Campaign,
  Dialog,
  ErrorBody,
  Me,
  Phone,
  Session,
  SignIn,
  WrapUp,
} from "./wire";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
  }

  /** The text to show, and what it needs filled in. */
  get text(): [TextKey, Record<string, string | number>] {
    const key = `error.${this.id}`;
    const known = key in en ? (key as TextKey) : "error.other";
    return [known, { message: this.message, seconds: this.retryAfter }];
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  try {
    const body = (await response.json()) as ErrorBody;
    return new ApiError(response.status, body.error_id, body.message, retryAfter);
  } catch {
    return new ApiError(response.status, "other", response.statusText, retryAfter);
  }
}

async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { ...init, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "unreachable", "", 0);
  }
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as T;
}

function post<T>(path: string, body: object): Promise<T> {
  return request<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Callfloor": "1" },
    body: JSON.stringify(body),
  });
}

export type CampaignAction = "start" | "pause" | "stop";

export const api = {
  session: () => request<Session>("session"),
  signIn: (body: SignIn) => post<Me>("sign-in", body),
  signOut: () => post<object>("sign-out", {}),
  campaign: (name: string, action: CampaignAction) =>
    post<Campaign>(`campaigns/${encodeURIComponent(name)}/${action}`, {}),
  deskPhone: () => request<Phone>("desk/phone"),
  deskDialog: (dialog: Dialog) => post<object>("desk/dialog", dialog),
  deskReady: (queue: string | null) => post<object>("desk/ready", { queue }),
  deskPause: (reason: string) => post<object>("desk/pause", { reason }),
  deskSignOut: () => post<object>("desk/sign-out", {}),
  deskWrapUp: (said: WrapUp) => post<object>("desk/wrap-up", said),
  agentDay: (day: string) => request<AgentDayReport>(`reports/agent-day?day=${day}`),
  agentDayCsv: (day: string) => `/api/v1/reports/agent-day?day=${day}&format=csv`,
};

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "other", String(error), 0);
}
