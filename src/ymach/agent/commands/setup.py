"""`ymach agent init`: the folder, the key, the server's pinned keys, the first look at the clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from ymach.agent import config as settings
from ymach.agent import durable, words
from ymach.agent.commands.shared import FILE, Context, pass_context
from ymach.agent.config import Config
from ymach.agent.errors import KeysChanged, WrongSetting
from ymach.agent.server import Server
from ymach.agent.show import moment


@click.command()
@click.option("--server", required=True, help="Địa chỉ máy chủ / address of the server, https://…")
@click.option("--facility", required=True, help="Mã cơ sở / facility code.")
@click.option("--p12", type=FILE, help="Tệp chứng thư PKCS#12 / the certificate file.")
@click.option("--password-file", type=FILE, help="Tệp chứa mật khẩu của PKCS#12 / file with its password.")
@click.option("--pkcs11-module", "module", type=FILE, help="Trình điều khiển thiết bị ký / driver of the token.")
@click.option("--token", default="", help="Nhãn của thiết bị ký / label of the token.")
@click.option("--key-label", default="", help="Nhãn khóa, khi thiết bị có nhiều khóa / which key, if several.")
@click.option("--pin-file", type=FILE, help="Tệp chứa mã PIN, chỉ chủ tệp đọc được / file with the PIN.")
@click.option("--inbox", type=click.Path(file_okay=False, path_type=Path), help="Thư mục chờ gửi / folder to watch.")
@click.option("--closing", default=settings.CLOSING, show_default=True, help="Giờ đối soát / hour to compare the day.")
@click.option("--allow-http", is_flag=True, help="Chỉ để thử / for trials only.")
@click.option("--replace-keys", is_flag=True, help="Ghim lại khóa máy chủ / pin the server's keys again.")
@pass_context
def init(shared: Context, /, *, allow_http: bool, replace_keys: bool, **given: Any) -> None:
    """Thiết lập thư mục làm việc, ghim khóa máy chủ, kiểm tra đồng hồ. / Set up, pin the server's keys, check the clock."""
    config = _config(shared, given, allow_http=allow_http)
    identity = shared.identity(config)
    with Server(config.server, config.facility) as remote:
        keys = remote.keys()
        _pin(config, keys, replace_keys=replace_keys)
        settings.write(config)
        if remote.heard:
            shared.clock().learn(remote.skew)
        shared.tell_clock()
    durable.write(config.certificate_file, identity.certificate.pem())
    certificate = identity.certificate
    shared.show.say(words.CERTIFICATE, name=certificate.identity.common_name, ends=moment(certificate.not_after))
    kids = [str(key.get("kid")) for key in keys["keys"]]
    shared.show.say(words.READY, folder=config.home, server=config.server, keys=", ".join(kids))
    shared.show.data({"home": str(config.home), "server": config.server, "facility": config.facility, "keys": kids})


def _config(shared: Context, given: dict[str, Any], *, allow_http: bool) -> Config:
    """What was asked for. Raises WrongSetting when the key is named twice or not at all."""
    p12, module = given["p12"], given["module"]
    if (p12 is None) == (module is None) or (module is not None and not given["token"]):
        raise WrongSetting(why="--p12 | --pkcs11-module, --token")
    secret_file = given["password_file"] if p12 else given["pin_file"]
    settings.closing_time(given["closing"])
    return Config(
        home=shared.home,
        server=settings.check_server(given["server"], allow_http=allow_http),
        facility=given["facility"].strip(),
        p12=_absolute(p12),
        module=_absolute(module),
        token=given["token"],
        key_label=given["key_label"],
        secret_file=_absolute(secret_file),
        inbox=_absolute(given["inbox"]),
        language=shared.show.language,
        closing=given["closing"],
    )


def _absolute(path: Path | None) -> Path | None:
    return path.absolute() if path else None


def _pin(config: Config, keys: dict[str, Any], *, replace_keys: bool) -> None:
    """Keep the server's keys; other keys than the pinned ones need a person's word."""
    if config.keys_file.exists() and not replace_keys and settings.pinned_keys(config) != keys:
        raise KeysChanged
    config.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write(config.keys_file, orjson.dumps(keys, option=orjson.OPT_INDENT_2))
