"""Every second in Callfloor, named, with its reason. No module invents a time limit of its own."""

from typing import Final

# --- AMI ---
AMI_CONNECT_SECONDS: Final = 5.0
"""Asterisk is here or one hop away: a slower handshake is a dead host or a firewall that drops."""
AMI_LOGIN_SECONDS: Final = 5.0
"""Asterisk sleeps one second before it refuses; under load its session thread starts late."""
AMI_ACTION_SECONDS: Final = 5.0
"""Answers take milliseconds; a session thread busy with a burst of events needs more."""
AMI_SNAPSHOT_SECONDS: Final = 15.0
"""A list of some thousand channels takes well under a second, the events before it more."""
AMI_REFRESH_SECONDS: Final = 1.0
"""Pause before the snapshot that an event without sense asks for: a burst needs only one."""
AMI_PING_INTERVAL_SECONDS: Final = 5.0
"""A dead peer must be noticed before many calls are lost; a Ping costs next to nothing."""
AMI_PING_ANSWER_SECONDS: Final = 5.0
"""The answer to a Ping comes behind the events that wait before it."""
AMI_SWEEP_SECONDS: Final = 0.25
"""How late an expired action may be noticed; small against every deadline above."""
AMI_BACKOFF_FIRST_SECONDS: Final = 0.5
"""Longest first wait before a reconnect (full jitter: anything from zero up to it)."""
AMI_BACKOFF_LONGEST_SECONDS: Final = 30.0
"""Longest wait of all: a call floor must be back soon after Asterisk is."""
AMI_BACKOFF_REFUSED_SECONDS: Final = 120.0
"""A refused login is a mistake in the settings; trying often gets us banned (fail2ban)."""
AMI_STABLE_SECONDS: Final = 10.0
"""A link that held this long was sound: its loss starts again with the shortest wait."""
AMI_TCP_USER_TIMEOUT_SECONDS: Final = 10.0
"""Bytes not acknowledged on a dead path: the kernel gives up after this, not after 15 minutes."""
AMI_KEEPALIVE_SECONDS: Final = 10.0
"""Between probes of a silent connection: the kernel's own two hours would be no help."""

# --- Postgres ---
DATABASE_CONNECT_SECONDS: Final = 5.0
"""A healthy server accepts in milliseconds; longer than this the service should say so."""
DATABASE_COMMAND_SECONDS: Final = 30.0
"""No statement of the live service needs a second; this only frees a hung connection."""
DATABASE_IDLE_IN_TRANSACTION_SECONDS: Final = 60.0
"""One forgotten open snapshot makes every lease slower (measured 15x), so it is ended."""
DATABASE_RETRY_SECONDS: Final = 0.5
"""Pause between tries while Postgres is away; short, since nothing is dialled meanwhile."""
MIGRATION_LOCK_SECONDS: Final = 120.0
"""How long a second process waits for the first to finish migrating."""
MIGRATION_LOCK_POLL_SECONDS: Final = 0.2
"""The migration lock is polled, never waited for (see store/migrations/env.py)."""
POSTGRES_START_SECONDS: Final = 60.0
"""Crash recovery of a busy server took 10 s in measurements; a slow disk needs more."""
POSTGRES_STOP_SECONDS: Final = 20.0
"""A fast shutdown writes one checkpoint; after this the server is killed (it recovers)."""
POSTGRES_POLL_SECONDS: Final = 0.02
"""How often the starting server's pid file is looked at."""

# --- Records (cdr_ingest) ---
RING_LIMIT_SECONDS: Final = 30.0
"""How long a call rings where no attempt says: Asterisk's own default for an Originate."""
INGEST_POLL_SECONDS: Final = 1.0
"""A finished call shows in the reports within about a second; an idle look costs one index scan."""
INGEST_LATE_ROW_SECONDS: Final = 60.0
"""How long a gap in the row ids may still be filled: as long as a transaction may stay open."""
INGEST_LEDGER_GRACE_SECONDS: Final = 5.0
"""A ledger line that the table lacks is copied after this: cel_pgsql is late by well under it."""
INGEST_CUT_GRACE_SECONDS: Final = 30.0
"""A call that is gone from Asterisk and wrote no end is closed as cut after this silence."""
NIGHTLY_LOOK_SECONDS: Final = 60.0
"""How often it is looked whether the night has come."""
RECORDING_SETTLED_SECONDS: Final = 60.0
"""A recording that did not change for so long is whole: MixMonitor writes all the time."""
RECORDING_LINK_SECONDS: Final = 30.0
"""How often finished recordings are linked: small against the minute in which they settle."""
RECORD_FIGURES_SECONDS: Final = 60.0
"""How old what /metrics says of comparisons may be: they come once a night, or by hand."""
RECONCILE_TALK_SECONDS: Final = 0.5
"""The live floor's talk may be off by this: AMI says when it wrote of an event, not when it was."""

CLOCK_DIFFERENCE_SECONDS: Final = 2.0
"""More than this, and the floor's times and the law's windows are off from Asterisk's records."""
AMI_LEAST_WRITE_TIMEOUT_MS: Final = 1000
"""Below this writetimeout a short pause of ours makes Asterisk end the session."""

# --- The dialer ---
DIALER_TICK_SECONDS: Final = 0.5
"""How often pace, wrap-ups and wishes are looked at; an agent waits half of it on average."""
DIALER_WISHES_SECONDS: Final = 1.0
"""How often campaigns and seats are read again: a click should work within a second."""
ORIGINATE_REFUSED_SECONDS: Final = 10.0
"""A campaign rests so long when Asterisk refuses a call: else it would burn its whole list."""
PLANNED_LINE_SECONDS: Final = 5.0
"""A planned call that shows no channel for so long holds no agent: most likely it was not sent."""
ABANDONMENT_REFRESH_SECONDS: Final = 5.0
"""How often the records' abandoned calls are counted anew; newer ones are counted on the floor."""
RESCUE_INTERVAL_SECONDS: Final = 2.0
"""How often open attempts are compared with the floor."""
ATTEMPT_ORPHAN_SECONDS: Final = 10.0
"""Asterisk shows the channel of an Originate within milliseconds; this is far beyond any delay."""
ATTEMPT_NEVER_SENT_SECONDS: Final = 30.0
"""On top of the ring time: until then Asterisk's records (or their CSV copy) must show a trace."""
ASKED_AGENT_RING_SECONDS: Final = 15.0
"""How long the phone of an agent who asked for a call rings; the agent sits in front of it."""
PREVIEW_LATE_SECONDS: Final = 10.0
"""A preview whose time ended longer ago (the service was down) goes back; nobody looks any more."""
SKIPPED_LEAD_SECONDS: Final = 900.0
"""A lead that an agent skipped comes back so soon: to somebody else, or after other leads."""
CALLBACK_RESERVE_SECONDS: Final = 20.0
"""So long before a callback its agent gets no other call, so that it is free when it is due."""
CALLBACK_MISSED_SECONDS: Final = 60.0
"""A callback that was not dialled so long after its time is missed; the promise is broken."""
ATTEMPT_UNRECORDED_SECONDS: Final = 600.0
"""A call that the floor saw in part and that no record tells of is settled by what was seen."""
LEADER_LOCK_SECONDS: Final = 10.0
"""How long a starting service waits for one that is just going down."""
LEADER_CHECK_SECONDS: Final = 1.0
"""How often the service makes sure that it is still the only one."""
LEAD_LOOK_AGAIN_SECONDS: Final = 900.0
"""A lead held because something is not known (a holiday, a profile) is looked at again so soon."""
EMBEDDED_CHECK_SECONDS: Final = 1.0
"""How often the service looks whether its embedded Postgres lives, and starts it again."""
SHUTDOWN_SAVE_SECONDS: Final = 20.0
"""How long a stopping service tries to save what it knows; the next run can find it out again."""

LAW_CONNECT_SECONDS: Final = 2.0
"""16 CFR 310.4(b)(4): an agent within two seconds of the answer, where a law pack names no time."""

# --- The pages and their API (web) ---
TOTP_STEP_SECONDS: Final = 30
"""RFC 6238: how long one code is good; what every authenticator app takes for given."""
LIVE_PUSH_SECONDS: Final = 0.04
"""Changes are gathered this long: with the drawing, a fact is on a screen within 100 ms."""
LIVE_TICK_SECONDS: Final = 5.0
"""Something is sent at least this often, so that a page knows a dead link from a quiet floor."""
LIVE_SEND_SECONDS: Final = 5.0
"""A client that does not take one message in this time is gone or too slow."""
LIVE_REVIVE_SECONDS: Final = 1.0
"""Pause before the hub tries again after the floor feed broke."""
CAMPAIGNS_POLL_SECONDS: Final = 1.0
"""How often campaign counters are read while somebody watches them."""
OUTLOOK_FRESH_SECONDS: Final = 15.0
"""How old abandonment and the list's end may be on a wallboard: they are counted over weeks."""
SESSION_SECONDS: Final = 12 * 3600.0
"""One shift with overtime; a forgotten browser is signed out by the next day."""
SESSION_RECHECK_SECONDS: Final = 5.0
"""How soon a revoked or expired session also ends its live WebSocket."""
SIGN_IN_WINDOW_SECONDS: Final = 300.0
"""Wrong passwords older than this are forgiven."""
WEB_SHUTDOWN_SECONDS: Final = 3.0
"""How long requests in progress may take when the service stops."""
OWNERS_FRESH_SECONDS: Final = 1.0
"""How soon a campaign given to another organisation disappears from the pages of the first."""
DESK_DAY_SECONDS: Final = 5.0
"""How often "my day" is read for all open desks in one look; records are a second old anyway."""
DESK_REVIVE_SECONDS: Final = 1.0
"""Pause before desks follow the floor again after that broke."""
PHONE_KNOWN_SECONDS: Final = 5.0
"""A reload with a thousand accounts takes well under a second; two are promised to the person."""
PHONE_KNOWN_POLL_SECONDS: Final = 0.05
"""How often Asterisk is asked whether it knows the new account."""
JOIN_RING_SECONDS: Final = 15.0
"""How long a supervisor's phone rings that asked to listen; it is in the supervisor's hand."""
SIP_CONNECT_SECONDS: Final = 5.0
"""Asterisk's WebSocket is here or one hop away."""

CALLER_ID_REFRESH_SECONDS: Final = 10.0
"""Between two looks at what became of each caller ID's calls; own choices are counted at once."""

# --- The demo and the tests of the main job ---
DEMO_SERVICE_START_SECONDS: Final = 60.0
"""The service needs a second or two; a busy machine with two cores needs more."""
DEMO_SERVICE_POLL_SECONDS: Final = 0.1
"""How often the starting service is asked."""
DEMO_PROGRESS_SECONDS: Final = 0.5
"""How often the demo looks how far it is."""
DEMO_WRAP_UP_SECONDS: Final = 2
"""The demo's agents are robots: long enough to be seen, short enough not to wait for."""
DEMO_LEDGER_SECONDS: Final = 5.0
"""Asterisk writes a refused call's events within milliseconds; a named one may be busy."""
DEMO_RECORDS_SECONDS: Final = 120.0
"""How long records may take after the last call; a call cut by a restart waits for its grace."""
LOCAL_PROBE_SECONDS: Final = 1.0
"""A connection on loopback is there at once or not at all."""
