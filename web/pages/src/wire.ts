// Made by `python -m web.typescript` from web/schemas.py. Do not edit.

/** The accounts of the organisation. */
export interface AccountList {
  readonly accounts: readonly AccountView[];
}

/** One account; never its password or secret. sessions: how many are open. */
export interface AccountView {
  readonly login: string;
  readonly role: Role;
  readonly agent: string | null;
  readonly created_at: string;
  readonly sessions: number;
  readonly has_second_factor: boolean;
}

/** Which day, whose, and in what form. An agent gets its own row whatever it leaves out. day: left out: today in the organisation's time zone. */
export interface AgentDayQuery {
  readonly day?: string | null;
  readonly agent?: string | null;
  readonly format?: "csv" | "json";
}

/** The report of one day with its total and the meaning of each column. */
export interface AgentDayReport {
  readonly day: string;
  readonly rows: readonly AgentDayRow[];
  readonly total: AgentDayRow;
  readonly definitions: readonly MeasureDefinition[];
}

/** One agent's figures of the day. agent: null for calls that no agent had, and in the total. */
export interface AgentDayRow {
  readonly agent: string | null;
  readonly name: string;
  readonly attempts: number;
  readonly answered: number;
  readonly valid: number;
  readonly effective: number;
  readonly talk_seconds: number;
  readonly effective_talk_seconds: number;
}

/** What an agent is doing. */
export type AgentState = "logged_out" | "paused" | "ready" | "ringing" | "talking" | "wrap_up";

/** A seat on the floor. call: the call that rings or talks there. calls: since sign-in. */
export interface AgentView {
  readonly agent: string;
  readonly name: string;
  readonly state: AgentState;
  readonly since: string;
  readonly pause_reason: string;
  readonly wants_pause: boolean;
  readonly reachable: boolean;
  readonly call: string | null;
  readonly calls: number;
}

/** Give open promises of one agent to another. null: those of, or for, any agent. campaign: only of this one. callbacks: only these. */
export interface AssignCallbacks {
  readonly of: string | null;
  readonly to: string | null;
  readonly campaign?: string | null;
  readonly callbacks?: readonly number[] | null;
}

/** How many promises were given to somebody else. */
export interface Assigned {
  readonly assigned: number;
}

/** One line of the audit log. status: the HTTP status of the answer, null if none came. */
export interface AuditLineView {
  readonly audit_id: number;
  readonly at: string;
  readonly login: string;
  readonly role: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly status: number | null;
}

/** Lines of the audit log, newest first. */
export interface AuditList {
  readonly lines: readonly AuditLineView[];
}

/** Which lines. before: an audit_id, to page backwards. */
export interface AuditQuery {
  readonly before?: number | null;
  readonly limit?: number;
}

/** What the list can be narrowed to by this account. today: in the organisation's zone. */
export interface CallChoices {
  readonly zone: string;
  readonly today: string;
  readonly campaigns: readonly string[];
  readonly agents: readonly string[];
  readonly results: readonly NetworkResult[];
}

/** One call of the outbound list, its fields the columns of screen and file. number: masked. extension: the agent's telephone. region: the lead's when the call was first recorded. recording: whether a file is kept, played over `/calls/{call}/recording/play`. list: with which the lead was imported. tries: which try of its lead this was; 0: it was none of ours. */
export interface CallLineView {
  readonly call_id: string;
  readonly dialled_at: string;
  readonly campaign: string | null;
  readonly agent: string | null;
  readonly agent_name: string | null;
  readonly extension: string | null;
  readonly company: string | null;
  readonly contact: string | null;
  readonly number: string;
  readonly region: string | null;
  readonly direction: string;
  readonly network_result: string;
  readonly agent_disposition: string | null;
  readonly ring_seconds: number | null;
  readonly talk_seconds: number;
  readonly valid: boolean;
  readonly effective: boolean;
  readonly recording: boolean;
  readonly list: string | null;
  readonly tries: number;
  readonly hangup_by: string | null;
  readonly note: string;
}

/** One page, newest first. total: of all pages, in the first one only. next: null: the last one. zone: in which the days are meant. */
export interface CallList {
  readonly calls: readonly CallLineView[];
  readonly total: number | null;
  readonly next: string | null;
  readonly zone: string;
}

/** Where a call is, as far as we know. */
export type CallState = "dialling" | "ended" | "planned" | "ringing" | "talking" | "unknown" | "waiting";

/** A call on the floor. number: masked. since: when the state was entered. */
export interface CallView {
  readonly call: string;
  readonly state: CallState;
  readonly since: string;
  readonly number: string;
  readonly campaign: string | null;
  readonly agent: string | null;
}

/** Open promises, the one due first comes first. */
export interface CallbackList {
  readonly callbacks: readonly CallbackView[];
}

/** Which promises. agent: of one agent; missed: only those that were not kept in time. */
export interface CallbackQuery {
  readonly agent?: string | null;
  readonly missed?: boolean;
}

/** A promise to call again that is still open. agent: null: any may call. */
export interface CallbackView {
  readonly callback_id: number;
  readonly lead_id: number;
  readonly campaign: string;
  readonly agent: string | null;
  readonly due_at: string;
  readonly is_missed: boolean;
  readonly company: string;
  readonly contact: string;
  readonly number: string;
  readonly note: string;
  readonly time_zone: string;
}

/** A caller ID today and in the week before. is_bad: so many fewer people answer today that it may be blocked or marked as spam. short_share, resting_until: of a pool's number; null for one that is in no pool, or rests not. */
export interface CallerIdHealth {
  readonly caller_id: string;
  readonly attempts: number;
  readonly answered: number;
  readonly attempts_before: number;
  readonly answered_before: number;
  readonly is_bad: boolean;
  readonly short_share?: number | null;
  readonly resting_until?: string | null;
}

/** Which calls: days (both included, in the organisation's zone) and what must hold of each. weekday: 1 = Monday. region: empty: not known. number: the last four digits, or eight and more: with five, six or seven one could guess digit by digit what is masked. after: `next` of the page before; limit: of one page; a file has all that match. */
export interface CallsQuery {
  readonly since?: string | null;
  readonly until?: string | null;
  readonly campaign?: string | null;
  readonly agent?: string | null;
  readonly weekday?: number | null;
  readonly hour?: number | null;
  readonly effective?: boolean | null;
  readonly region?: string | null;
  readonly list?: string | null;
  readonly result?: NetworkResult | null;
  readonly number?: string | null;
  readonly after?: string | null;
  readonly limit?: number;
  readonly format?: "csv" | "json" | "xlsx";
}

/** A campaign with its counters of today. pace: calls that would be placed now; because: why. reason: the same as a code with figures, for any language. */
export interface Campaign {
  readonly name: string;
  readonly status: CampaignStatus;
  readonly attempts: number;
  readonly answered: number;
  readonly valid: number;
  readonly effective: number;
  readonly abandoned: number;
  readonly leads_left: number;
  readonly pace: number | null;
  readonly because: string;
  readonly reason?: PaceReason | null;
  readonly steering?: Steering | null;
  readonly outlook?: Outlook | null;
}

/** Every campaign. */
export interface CampaignList {
  readonly type: "campaigns";
  readonly at: string;
  readonly campaigns: readonly Campaign[];
}

/** A campaign's script in every language that it has. placeholders: what may stand in braces. */
export interface CampaignScript {
  readonly campaign: string;
  readonly scripts: readonly ScriptView[];
  readonly placeholders: readonly string[];
}

/** What the people want of it. Paused and stopped both dial nothing; stopped is over. */
export type CampaignStatus = "paused" | "running" | "stopped";

/** One campaign's sums. campaign: null for calls without one. */
export interface CampaignSumView {
  readonly campaign: string | null;
  readonly attempts: number;
  readonly answered: number;
  readonly valid: number;
  readonly effective: number;
  readonly talk_seconds: number;
  readonly effective_from: number;
}

/** New values; what is left out stays. ratio: lines for each free agent in mode power. */
export interface CampaignWish {
  readonly mode?: Mode | null;
  readonly ratio?: number | null;
  readonly max_lines?: number | null;
  readonly priority?: number | null;
}

/** What is new or other than before, and the ids of what has left the floor. */
export interface Changes {
  readonly type: "changes";
  readonly at: string;
  readonly calls: readonly CallView[];
  readonly agents: readonly AgentView[];
  readonly ended_calls: readonly string[];
  readonly gone_agents: readonly string[];
}

/** A code of the second factor. */
export interface CodeGiven {
  readonly code: string;
}

/** Somebody who is signed in. agent: what the own phone dials to reach them. */
export interface Colleague {
  readonly agent: string;
  readonly name: string;
  readonly state: AgentState;
}

/** The other seats of the organisation, by name. */
export interface ColleagueList {
  readonly colleagues: readonly Colleague[];
}

/** My day against the target. */
export interface DayFigures {
  readonly attempts: number;
  readonly answered: number;
  readonly valid: number;
  readonly effective: number;
  readonly talk_seconds: number;
  readonly effective_talk_seconds: number;
  readonly target_attempts: number;
  readonly target_effective: number;
  readonly target_talk_seconds: number;
}

/** What to do with the lead that is shown. */
export interface Decide {
  readonly preview: string;
  readonly act: "dial" | "skip";
}

/** Everything that the agent's page shows. to_wrap_up: the call whose result is still to be said; it may be the present one. */
export interface DeskState {
  readonly type: "desk";
  readonly at: string;
  readonly agent: string;
  readonly unknown_because: string;
  readonly seat: AgentView | null;
  readonly call: CallView | null;
  readonly lead: LeadView | null;
  readonly to_wrap_up: string | null;
  readonly dialog: Dialog | null;
  readonly queues: readonly string[];
  readonly day: DayFigures;
  readonly regions: readonly RegionFigures[];
  readonly dialing: Dialing;
}

/** Call a lead, or a number that was typed. order: left out: as the campaign says. */
export interface Dial {
  readonly campaign: string;
  readonly lead?: number | null;
  readonly number?: string | null;
  readonly order?: DialOrder | null;
}

/** call: its id if it is being dialled; refusal: why it is not. Skipped: both are null. */
export interface DialAnswer {
  readonly call?: string | null;
  readonly refusal?: RefusalView | null;
}

/** Whose telephone rings first when an agent asks for a call. */
export type DialOrder = "agent_first" | "customer_first";

/** A campaign in which the agent may ask for calls. */
export interface DialableCampaign {
  readonly name: string;
  readonly status: CampaignStatus;
  readonly mode: Mode;
  readonly dial_order: DialOrder;
}

/** What the agent may dial, looks at and is dialling. */
export interface Dialing {
  readonly campaigns: readonly DialableCampaign[];
  readonly call: OwnCall | null;
  readonly preview: PreviewView | null;
  readonly last: LastOwnCall | null;
}

/** The SIP dialog of the present call, so that a reloaded page can take its place. */
export interface Dialog {
  readonly call_id: string;
  readonly to_tag: string;
  readonly from_tag: string;
}

/** What went wrong. error_id: for programs; incident: names the log line of a failure. */
export interface ErrorBody {
  readonly error_id: string;
  readonly message: string;
  readonly incident?: string | null;
}

/** The whole floor. unknown_because: empty while the floor is known. */
export interface Floor {
  readonly type: "floor";
  readonly at: string;
  readonly unknown_because: string;
  readonly calls: readonly CallView[];
  readonly agents: readonly AgentView[];
}

/** One part of the service. */
export interface HealthPart {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Whether the service is ready, part by part. */
export interface HealthReport {
  readonly ok: boolean;
  readonly parts: readonly HealthPart[];
}

/** One hour of one weekday, 1 = Monday. */
export interface HourView {
  readonly weekday: number;
  readonly hour: number;
  readonly attempts: number;
  readonly answered: number;
  readonly effective: number;
}

/** How the newest call of the agent's own asking ended; the network's result, or never_sent. */
export interface LastOwnCall {
  readonly call: string;
  readonly number: string;
  readonly result: string;
}

/** Who is on the line. number: masked unless the organisation shows it. */
export interface LeadView {
  readonly lead_id: number;
  readonly campaign: string;
  readonly number: string;
  readonly company: string;
  readonly contact: string;
  readonly industry: string;
  readonly chain_role: string;
  readonly province: string;
  readonly city: string;
  readonly need: string;
  readonly supply: string;
  readonly remark: string;
  readonly time_zone: string;
  readonly tries: number;
  readonly last_calls: readonly PastCallView[];
}

/** How the lines do today. */
export interface LineHealth {
  readonly caller_ids: readonly CallerIdHealth[];
  readonly trunks: readonly TrunkHealth[];
}

/** How to join an agent's call: unheard, heard by the agent, or heard by both. */
export interface Listen {
  readonly how: "barge" | "listen" | "whisper";
}

/** Who is signed in. may_use: names of the routes that this role may use. */
export interface Me {
  readonly login: string;
  readonly role: Role;
  readonly agent: string | null;
  readonly may_use: readonly RouteName[];
}

/** What one column means. measure: the field's name. */
export interface MeasureDefinition {
  readonly measure: string;
  readonly name_en: string;
  readonly name_zh: string;
  readonly text_en: string;
  readonly text_zh: string;
}

/** Who decides when to dial, and whether lines may exceed free agents. */
export type Mode = "manual" | "power" | "predictive" | "preview" | "progressive";

/** To which queue an agent goes. */
export interface Move {
  readonly queue: string;
}

/** What the network said. */
export type NetworkResult = "answered" | "barred" | "busy" | "cancelled" | "forwarded" | "invalid" | "no_answer" | "power_off" | "rejected" | "suspended" | "system_error" | "unreachable";

/** An account to add. For role agent: its seat, made with a working phone if it is new. */
export interface NewAccount {
  readonly login: string;
  readonly password: string;
  readonly role: Role;
  readonly agent?: string | null;
  readonly name?: string;
}

/** A new password for the own login; every session ends. */
export interface NewPassword {
  readonly old: string;
  readonly new: string;
}

/** An empty JSON object: the request says all by its address. */
export interface Nothing {
}

/** One signed-in browser. is_this: the one that asks. */
export interface OpenSessionView {
  readonly session_id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly address: string;
  readonly browser: string;
  readonly is_this: boolean;
}

/** Abandonment in the law's window (the worst that holds) with its cap, and the list's end. answered: by a person; abandoned: of them. finish_at: null where nobody can say. */
export interface Outlook {
  readonly answered: number;
  readonly abandoned: number;
  readonly cap_percent: number;
  readonly finish_at: string | null;
}

/** A call of the agent's own asking that is on its way. number: masked like any. */
export interface OwnCall {
  readonly call: string;
  readonly state: CallState;
  readonly since: string;
  readonly number: string;
}

/** What decided the pace. The pages word each as `pace.CODE`. */
export type PaceCode = "agent_decides" | "caller_ids_rest" | "cap_reached" | "dialling" | "floor_unknown" | "law_unknown" | "line_limit" | "no_callable_lead" | "no_free_agent" | "no_link" | "others_first" | "paused" | "records_away" | "refused" | "served" | "stopped";

/** Why the pace is what it is: a code, and the figures that it was decided by. */
export interface PaceReason {
  readonly code: PaceCode;
  readonly idle_agents: number;
  readonly on_the_way: number;
  readonly lines_in_use: number;
  readonly max_lines: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly cap_percent: number;
}

/** One earlier call with this lead. */
export interface PastCallView {
  readonly dialled_at: string;
  readonly result: string;
  readonly disposition: string | null;
  readonly note: string;
  readonly agent: string | null;
  readonly talk_seconds: number;
}

/** Take no calls, and why; a call in progress goes on. */
export interface Pause {
  readonly reason: string;
}

/** How the page's phone signs in. socket: path of the WebSocket that carries SIP. */
export interface Phone {
  readonly endpoint: string;
  readonly secret: string;
  readonly domain: string;
  readonly socket: string;
}

/** Which days (both included, in the organisation's zone), campaign and agent. */
export interface PictureQuery {
  readonly since?: string | null;
  readonly until?: string | null;
  readonly campaign?: string | null;
  readonly agent?: string | null;
}

/** Everything that the report page draws. */
export interface Pictures {
  readonly since: string;
  readonly until: string;
  readonly zone: string;
  readonly hours: readonly HourView[];
  readonly talks: readonly TalkView[];
  readonly campaigns: readonly CampaignSumView[];
  readonly regions: readonly RegionView[];
}

/** The lead that the agent looks at. dials_at_end: what happens at decide_by. skips_left: how many leads may still be skipped in a row, this one included. callback_at: it was promised for then. */
export interface PreviewView {
  readonly preview: string;
  readonly lead: LeadView;
  readonly shown_at: string;
  readonly decide_by: string;
  readonly dials_at_end: boolean;
  readonly skips_left: number;
  readonly callback_at: string | null;
  readonly callback_note: string;
}

/** The queues of the organisation's campaigns, the running ones first. */
export interface QueueList {
  readonly queues: readonly string[];
}

/** Take calls of this queue; left out: the first that there is. */
export interface Ready {
  readonly queue?: string | null;
}

/** One call's recording. state: kept (it can be played), purged by rule, or missing. seconds, silence of both sides (in all, and at a stretch): null where not known. sha256: in hexadecimal, as it was linked. */
export interface RecordingView {
  readonly call_id: string;
  readonly state: "kept" | "missing" | "purged";
  readonly size_bytes: number;
  readonly seconds: number | null;
  readonly silent_seconds: number | null;
  readonly longest_silence_seconds: number | null;
  readonly sha256: string;
  readonly recorded_at: string;
  readonly purged_at: string | null;
}

/** Why it was not done. rule: PACK/RULE, list/RULE, campaign/RULE or seat/RULE. until: when that changes by itself, null: not by itself. */
export interface RefusalView {
  readonly rule: string;
  readonly until: string | null;
  readonly reason: string;
  readonly reason_zh: string;
}

/** My day in one region; an empty name: the lead's region is not known. */
export interface RegionFigures {
  readonly region: string;
  readonly attempts: number;
  readonly answered: number;
  readonly valid: number;
  readonly effective: number;
  readonly talk_seconds: number;
}

/** One region's sums; an empty name: the lead's region is not known. */
export interface RegionView {
  readonly region: string;
  readonly attempts: number;
  readonly answered: number;
  readonly effective: number;
  readonly talk_seconds: number;
}

/** Which days (both included), one campaign, one key day by day, late calls, and what form. */
export interface ReportByQuery {
  readonly since?: string | null;
  readonly until?: string | null;
  readonly campaign?: string | null;
  readonly key?: string | null;
  readonly adjusted?: boolean;
  readonly format?: "csv" | "json" | "xlsx";
}

/** What a person is to the call floor; `web.permissions` says what each may do. */
export type Role = "agent" | "client" | "customer" | "hr" | "leader" | "operations" | "supervisor";

/** Every route by its name; `web.routes` gives each its path. */
export type RouteName = "account_add" | "account_revoke" | "accounts" | "agent_day" | "asset" | "audit" | "call_choices" | "call_end" | "callbacks" | "callbacks_assign" | "calls" | "campaign_change" | "campaign_pause" | "campaign_start" | "campaign_stop" | "campaigns" | "desk" | "desk_callbacks" | "desk_colleagues" | "desk_dial" | "desk_dialing" | "desk_dialog" | "desk_hang_up" | "desk_live" | "desk_pause" | "desk_phone" | "desk_preview" | "desk_ready" | "desk_sign_out" | "desk_sip" | "desk_wrap_up" | "floor" | "healthz" | "lines" | "listen" | "live" | "me" | "metrics" | "openapi" | "page" | "password" | "pictures" | "queues" | "readyz" | "recording" | "recording_download" | "recording_play" | "report_by" | "script" | "script_save" | "seat_move" | "seat_pause" | "seat_resume" | "seat_sign_out" | "session" | "session_revoke" | "sessions" | "sign_in" | "sign_out" | "take_over" | "totp_begin" | "totp_confirm" | "totp_remove" | "why";

/** The same as it stands, when it was changed last and by whom. */
export interface ScriptView {
  readonly language: "en" | "zh";
  readonly before_call: string;
  readonly during_call: string;
  readonly after_call: string;
  readonly changed_at: string;
  readonly changed_by: string;
}

/** A campaign's script in one language. `{company}` and the like are filled in by the page. */
export interface ScriptWish {
  readonly language: "en" | "zh";
  readonly before_call: string;
  readonly during_call: string;
  readonly after_call: string;
}

/** A fresh secret; it counts once its first code was shown. uri: for an authenticator app. */
export interface SecondFactorOffer {
  readonly secret: string;
  readonly uri: string;
}

/** Whether somebody is signed in here, and who; asking is no error. */
export interface Session {
  readonly me: Me | null;
}

/** The open sessions of the own login. has_second_factor: whether codes are asked for. */
export interface SessionList {
  readonly sessions: readonly OpenSessionView[];
  readonly has_second_factor: boolean;
}

/** Who wants to come in. */
export interface SignIn {
  readonly login: string;
  readonly password: string;
  readonly code?: string | null;
}

/** How a campaign is dialled. ratio: lines for each free agent in mode power. */
export interface Steering {
  readonly mode: Mode;
  readonly ratio: number | null;
  readonly max_lines: number;
  readonly priority: number;
  readonly queue: string;
}

/** Calls that talked from so many seconds on; the last one of 600 s is open. */
export interface TalkView {
  readonly from_seconds: number;
  readonly calls: number;
}

/** Nothing changed, and the connection is alive. */
export interface Tick {
  readonly type: "tick";
  readonly at: string;
}

/** A trunk today. failed: by our or its own fault; is_bad: too many of them. */
export interface TrunkHealth {
  readonly trunk: string;
  readonly calls: number;
  readonly failed: number;
  readonly is_bad: boolean;
}

/** One answer. allowed: yes, no, or `ask one` where leads must be asked one by one. */
export interface WhyLine {
  readonly campaign: string;
  readonly what: string;
  readonly allowed: string;
  readonly rule: string;
  readonly until: string | null;
  readonly reason: string;
}

/** What holds a campaign and its leads, or one lead. */
export interface WhyList {
  readonly answers: readonly WhyLine[];
}

/** Either a campaign by name, or a lead by its id or number. */
export interface WhyQuery {
  readonly campaign?: string | null;
  readonly lead?: string | null;
}

/** What is to be said of a call. callback_any: anybody may make the promised call. */
export interface WrapUp {
  readonly call: string;
  readonly disposition: "callback" | "interested" | "not_interested" | "not_the_person" | "other" | "refused" | "sold" | "wrong_number";
  readonly note?: string;
  readonly callback_at?: string | null;
  readonly do_not_call?: boolean;
  readonly callback_any?: boolean;
}

export type LiveMessage = Floor | Changes | CampaignList | Tick;
