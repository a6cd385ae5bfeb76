/** Requests to the API; errors keep the id that the server gave them. */

import type { TextKey } from "./locales/en";
import { en } from "./locales/en";
import type {
  AccountList,
  AgentDayReport,
  AssignCallbacks,
  Assigned,
  AuditList,
  CallChoices,
  CallbackList,
  CallList,
  Campaign,
  CampaignList,
  Decide,
  Dial,
  DialAnswer,
  CampaignScript,
  CampaignWish,
  ColleagueList,
  Dialog,
  ErrorBody,
  LineHealth,
  Listen,
  Me,
  NewAccount,
  NewPassword,
  Phone,
  Pictures,
  QueueList,
  ScriptWish,
  SecondFactorOffer,
  Session,
  SessionList,
  SignIn,
  WhyList,
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
  deskDial: (body: Dial) => post<DialAnswer>("desk/dial", body),
  deskPreview: (body: Decide) => post<DialAnswer>("desk/preview", body),
  deskHangUp: () => post<object>("desk/hang-up", {}),
  deskCallbacks: () => request<CallbackList>("desk/callbacks"),
  callbacks: () => request<CallbackList>("callbacks"),
  assignCallbacks: (body: AssignCallbacks) => post<Assigned>("callbacks/assign", body),
  campaign: (name: string, action: CampaignAction) =>
    post<Campaign>(`campaigns/${encodeURIComponent(name)}/${action}`, {}),
  campaignChange: (name: string, wish: CampaignWish) =>
    post<Campaign>(`campaigns/${encodeURIComponent(name)}/change`, wish),
  queues: () => request<QueueList>("queues"),
  seatMove: (agent: string, queue: string) => post<object>(`agents/${agent}/move`, { queue }),
  lines: () => request<LineHealth>("lines"),
  password: (change: NewPassword) => post<object>("password", change),
  deskPhone: () => request<Phone>("desk/phone"),
  colleagues: () => request<ColleagueList>("desk/colleagues"),
  deskDialog: (dialog: Dialog) => post<object>("desk/dialog", dialog),
  deskReady: (queue: string | null) => post<object>("desk/ready", { queue }),
  deskPause: (reason: string) => post<object>("desk/pause", { reason }),
  deskSignOut: () => post<object>("desk/sign-out", {}),
  deskWrapUp: (said: WrapUp) => post<object>("desk/wrap-up", said),
  listen: (agent: string, how: Listen["how"]) => post<object>(`agents/${agent}/listen`, { how }),
  takeOver: (agent: string) => post<Dialog>(`agents/${agent}/take-over`, {}),
  seatPause: (agent: string, reason: string) => post<object>(`agents/${agent}/pause`, { reason }),
  seatResume: (agent: string) => post<object>(`agents/${agent}/resume`, {}),
  seatSignOut: (agent: string) => post<object>(`agents/${agent}/sign-out`, {}),
  callEnd: (call: string) => post<object>(`calls/${encodeURIComponent(call)}/end`, {}),
  /** day: null for today in the organisation's time zone. */
  agentDay: (day: string | null) =>
    request<AgentDayReport>(day === null ? "reports/agent-day" : `reports/agent-day?day=${day}`),
  campaigns: () => request<CampaignList>("campaigns"),
  why: (query: string) => request<WhyList>(`why?${query}`),
  pictures: (query: string) => request<Pictures>(`reports/pictures?${query}`),
  calls: (query: string) => request<CallList>(`reports/calls?${query}`),
  recordingSound: (call: string) => `/api/v1/calls/${encodeURIComponent(call)}/recording/play`,
  recordingFile: (call: string) => `/api/v1/calls/${encodeURIComponent(call)}/recording/download`,
  script: (campaign: string) => request<CampaignScript>(`campaigns/${encodeURIComponent(campaign)}/script`),
  scriptSave: (campaign: string, wish: ScriptWish) =>
    post<CampaignScript>(`campaigns/${encodeURIComponent(campaign)}/script`, wish),
  callChoices: () => request<CallChoices>("reports/call-choices"),
  callsFile: (query: string, format: "csv" | "xlsx") => `/api/v1/reports/calls?${query}&format=${format}`,
  sessions: () => request<SessionList>("sessions"),
  sessionRevoke: (id: string) => post<object>(`sessions/${id}/revoke`, {}),
  totpBegin: () => post<SecondFactorOffer>("second-factor/begin", {}),
  totpConfirm: (code: string) => post<object>("second-factor/confirm", { code }),
  totpRemove: (code: string) => post<object>("second-factor/remove", { code }),
  accounts: () => request<AccountList>("accounts"),
  accountAdd: (account: NewAccount) => post<object>("accounts", account),
  accountRevoke: (login: string) => post<object>(`accounts/${login}/revoke`, {}),
  audit: () => request<AuditList>("audit"),
  agentDayCsv: (day: string) => `/api/v1/reports/agent-day?day=${day}&format=csv`,
};

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "other", String(error), 0);
}
