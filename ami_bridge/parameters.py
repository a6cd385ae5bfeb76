"""Where Asterisk is, who we are there, and how long we wait."""

import ssl
from dataclasses import dataclass, field

from config import timeouts


@dataclass(frozen=True, slots=True)
class Login:
    """One AMI user. events: the EventMask asked for at the login."""

    user: str
    secret: str = field(repr=False)
    events: str


@dataclass(frozen=True, slots=True)
class AmiAddress:
    """One Asterisk and our two users there: the reader hears events, the actor sends actions.

    tls_ca_file: certificates to trust instead of the system's. tls_verify: off only in a lab.
    reader_events: the EventMask that the reader asks for.
    """

    host: str
    port: int
    reader_user: str
    reader_secret: str = field(repr=False)
    actor_user: str
    actor_secret: str = field(repr=False)
    tls: bool = False
    tls_ca_file: str | None = None
    tls_verify: bool = True
    reader_events: str = "system,call,agent,user"

    @property
    def place(self) -> str:
        """`host:port`, for people."""
        return f"{self.host}:{self.port}"

    @property
    def reader(self) -> Login:
        """The login that hears events and takes snapshots."""
        return Login(self.reader_user, self.reader_secret, self.reader_events)

    @property
    def actor(self) -> Login:
        """The login that acts; one AMI session is one thread in Asterisk, so it hears nothing."""
        return Login(self.actor_user, self.actor_secret, "off")

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return what TLS needs, or None without TLS."""
        if not self.tls:
            return None
        context = ssl.create_default_context(cafile=self.tls_ca_file)
        if not self.tls_verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True, slots=True)
class AmiTimeouts:
    """The link's time limits in seconds; tests shorten them. Reasons: config/timeouts.py."""

    connect: float = timeouts.AMI_CONNECT_SECONDS
    login: float = timeouts.AMI_LOGIN_SECONDS
    action: float = timeouts.AMI_ACTION_SECONDS
    snapshot: float = timeouts.AMI_SNAPSHOT_SECONDS
    ping_interval: float = timeouts.AMI_PING_INTERVAL_SECONDS
    ping_answer: float = timeouts.AMI_PING_ANSWER_SECONDS
    refresh: float = timeouts.AMI_REFRESH_SECONDS
    sweep: float = timeouts.AMI_SWEEP_SECONDS
    backoff_first: float = timeouts.AMI_BACKOFF_FIRST_SECONDS
    backoff_longest: float = timeouts.AMI_BACKOFF_LONGEST_SECONDS
    backoff_refused: float = timeouts.AMI_BACKOFF_REFUSED_SECONDS
    stable: float = timeouts.AMI_STABLE_SECONDS
    tcp_user_timeout: float = timeouts.AMI_TCP_USER_TIMEOUT_SECONDS
