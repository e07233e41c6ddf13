"""The settings, by what they are about; `Settings` joins the groups."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, NoDecode

from bot.settings.addresses import (
    Blocked,
    HostNames,
    ListenAddress,
    Networks,
    SiteAddress,
    WebAddress,
)
from bot.settings.values import DiscordToken, Folder, ServerId, Snowflakes, SpokenLanguage
from bot.settings.web_values import Origins, RootPath
from bot.settings.worker_values import NatsUrl, Nkey, ShardIds, WorkerName


class DiscordSettings(BaseSettings):
    """How it is on Discord."""

    discord_token: Annotated[
        DiscordToken | None, Field(description="The Discord bot's token. Unset: no Discord.")
    ] = None
    discord_server: Annotated[
        ServerId | None,
        Field(
            description="Register the commands in this one server only, where they appear at once "
            "(its id). Unset: everywhere.",
        ),
    ] = None
    discord_shards: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="Connections to Discord's gateway. 0: as many as Discord recommends.",
        ),
    ] = 0
    discord_shard_ids: Annotated[
        ShardIds,
        NoDecode,
        Field(
            description="Which of them this process has, as in 0-3 or 0,2; with several processes, "
            "TUTOR_DISCORD_SHARDS counts all. Unset: all of them."
        ),
    ] = ()
    discord_servers: Annotated[
        Snowflakes,
        NoDecode,
        Field(
            description="Answer in these Discord servers only (their ids, with commas). Unset: in "
            "all. Direct messages are always answered."
        ),
    ] = ()
    discord_channels: Annotated[
        Snowflakes,
        NoDecode,
        Field(
            description="Answer in these channels of servers only, and in their threads (their "
            "ids, with commas). Unset: in all."
        ),
    ] = ()
    discord_locale: Annotated[
        SpokenLanguage | None,
        Field(
            description="The language on Discord where nobody chose one. Unset: the Community "
            "server's, else the asker's."
        ),
    ] = None
    discord_private: Annotated[
        bool,
        Field(
            description="Show answers in servers to their askers alone, unless they ask for a "
            "public one."
        ),
    ] = False
    feedback_url: Annotated[
        WebAddress | None,
        Field(description="The page under “Report a mistake”. Unset: no such button."),
    ] = None
    discord_sync: Annotated[
        bool, Field(description="Register commands with Discord when they changed.")
    ] = True


class LearnerSettings(BaseSettings):
    """How much learners may ask, and who may not."""

    learner_requests_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Requests one learner may make a minute.")
    ] = 20
    server_requests_per_minute: Annotated[
        int, Field(ge=1, le=100_000, description="Requests one Discord server may make a minute.")
    ] = 240
    blocked_learners: Annotated[
        Blocked,
        NoDecode,
        Field(
            description="Who gets no answer, with commas: ids of Discord users, and addresses or "
            "networks of visitors of the playground, as in 123456789012345678,203.0.113.0/24."
        ),
    ] = ()


class WebSettings(BaseSettings):
    """Where the playground is, and what it says of itself."""

    web_enabled: Annotated[bool, Field(description="Serve the playground, a web page.")] = True
    web_host: Annotated[
        ListenAddress | None,
        Field(
            description="The address that the playground listens on. Unset: 127.0.0.1, so that "
            "only this machine reaches it; in the container all addresses of the container, of "
            "which compose.yaml publishes 127.0.0.1."
        ),
    ] = None
    web_port: Annotated[
        int, Field(ge=0, le=65_535, description="The playground's port. 0: any free one.")
    ] = 8080
    web_hosts: Annotated[
        HostNames,
        NoDecode,
        Field(
            description="Host names under which browsers may call, with commas, besides loopback "
            "and the one in TUTOR_WEB_URL."
        ),
    ] = ()
    web_root: Annotated[
        RootPath,
        Field(
            description="The path under which the playground is served, such as /tutor; proxies "
            "pass it on unchanged. /healthz, /readyz and /metrics stay at the root. Unset: the "
            "host is the playground's alone."
        ),
    ] = ""
    web_url: Annotated[
        SiteAddress | None,
        Field(
            description="The playground's public address, for links from chats, such as "
            "https://learn.example.org. Unset: no links."
        ),
    ] = None
    web_proxies: Annotated[
        Networks,
        NoDecode,
        Field(
            description="Networks of reverse proxies whose X-Forwarded-For is believed, with "
            "commas, as in 10.0.0.0/8."
        ),
    ] = ()
    web_embed: Annotated[
        Origins,
        NoDecode,
        Field(
            description="Sites that may show the playground's /embed pages inside theirs, with "
            "commas, such as https://moodle.example.org,https://*.school.example. Unset: none."
        ),
    ] = ()
    web_documents: Annotated[
        Folder | None,
        Field(
            description="A folder with a privacy page and terms of your own: privacy.en.md, "
            "privacy.ko.md, terms.en.md, terms.ko.md. Unset: those that come with the tutor."
        ),
    ] = None
    operator: Annotated[
        str,
        Field(
            max_length=500,
            description="Who runs this bot and how to reach them, for the privacy page and terms, "
            "such as: Jane Doe, Example School, jane@example.org. Unset: they say that it is "
            "not named.",
        ),
    ] = ""


class RunSettings(BaseSettings):
    """What runs may use, and how they are confined."""

    sandbox: Annotated[
        Literal["strict", "best-effort"],
        Field(
            description="strict: run nothing on a host that cannot confine it. best-effort: run "
            "all the same, and warn each time."
        ),
    ] = "strict"
    sandbox_cgroup: Annotated[
        Folder | None,
        Field(
            description="A control group (v2) delegated to the bot's user, to cap all runs "
            "together, and each in one of its own. Unset: the bot alone holds their sum to the "
            "room there is."
        ),
    ] = None
    wall_seconds: Annotated[
        float,
        Field(
            ge=0.1,
            le=600,
            allow_inf_nan=False,
            description="The longest a run may take, in seconds.",
        ),
    ] = 15.0
    cpu_seconds: Annotated[
        int, Field(gt=0, le=600, description="Processor time of a run, in seconds.")
    ] = 5
    memory_mib: Annotated[
        int, Field(ge=64, le=2**20, description="Address space of a run, in MiB.")
    ] = 512
    threads: Annotated[int, Field(ge=1, le=4096, description="Threads of a run at once.")] = 64
    output_kib: Annotated[
        int, Field(ge=1, le=2**20, description="What a run may print, in KiB.")
    ] = 256
    output_lines: Annotated[
        int, Field(ge=1, le=10_000_000, description="Lines that a run may print.")
    ] = 2_000
    events: Annotated[int, Field(ge=1, le=100_000_000, description="Recorded events of a run.")] = (
        20_000
    )
    runs_at_once: Annotated[
        int, Field(ge=1, le=10_000, description="Runs at once; further ones wait.")
    ] = 200
    runs_waiting: Annotated[
        int, Field(ge=0, le=100_000, description="Runs that may wait; further ones are refused.")
    ] = 300
    own_code: Annotated[
        Literal["off", "private", "on"],
        Field(
            description="Code that learners write themselves. off: it is not run. private: only "
            "who asked sees the answer. on: they may share it."
        ),
    ] = "private"
    recycle_after: Annotated[
        int, Field(ge=1, description="Runs after which the sandbox's server is replaced.")
    ] = 1_000


class WorkerSettings(BaseSettings):
    """Runs on other machines."""

    nats_url: Annotated[
        NatsUrl | None,
        Field(
            description="Where NATS is, as in nats://127.0.0.1:4222, or tls://nats.internal:4222 "
            "beyond this machine: runs are then made by `tutor worker` on any machine. Unset: here."
        ),
    ] = None
    nats_nkey: Annotated[
        Nkey | None,
        Field(description="The seed of our NKEY at NATS. Unset: NATS asks for none."),
    ] = None
    nats_ca: Annotated[
        Folder | None,
        Field(
            description="The file with the certificate of the authority that signed NATS's. Unset: "
            "the system's authorities."
        ),
    ] = None
    worker_name: Annotated[
        WorkerName | None,
        Field(
            description="What a worker is called; NATS's permissions name it. Unset: as the host."
        ),
    ] = None
