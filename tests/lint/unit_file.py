#!/usr/bin/env python3
"""The units are right, and stay as closed as they are: `systemd-analyze` says so without a running systemd."""
import pathlib
import subprocess
import tempfile

import sources

WORST_SCORE = 12  # 1.2 of 10


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


problems = []
units = sources.root / "systemd"
score = run("systemd-analyze", "security", "--offline=true", f"--threshold={WORST_SCORE}", str(units / "leadsyncd.service"))
if score.returncode != 0:
    problems.append(f"leadsyncd.service is more exposed than {WORST_SCORE / 10}: {(score.stdout.strip() + score.stderr).splitlines()[-1:]}")

with tempfile.TemporaryDirectory() as folder:
    copies = []
    for name in ("leadsyncd.service", "leadsyncd.socket"):
        text = (units / name).read_text().replace("/usr/bin/leadsyncd", "/bin/true")  # it is not installed here
        copy = pathlib.Path(folder) / name
        copy.write_text(text)
        copies.append(str(copy))
    verified = run("systemd-analyze", "verify", "--man=no", *copies)
    if verified.returncode != 0 or "leadsync" in verified.stderr:
        problems.append("systemd-analyze verify: " + verified.stderr.strip())

    users = pathlib.Path(folder) / "root/usr/lib/sysusers.d"
    users.mkdir(parents=True)
    (pathlib.Path(folder) / "root/etc").mkdir()
    (users / "leadsync.conf").write_text((units / "leadsync.conf").read_text())
    made = run("systemd-sysusers", f"--root={folder}/root")
    group = pathlib.Path(folder) / "root/etc/group"
    if made.returncode != 0 or "leadsync-admin:" not in (group.read_text() if group.exists() else ""):
        problems.append("systemd-sysusers: " + made.stderr.strip())

service = (units / "leadsyncd.service").read_text()
for needed in ("Type=notify", "WatchdogSec=", "TimeoutStopSec=", "StartLimitIntervalSec=0", "StateDirectoryMode=0700", "UMask=0077"):
    if needed not in service:
        problems.append(f"leadsyncd.service lacks {needed}")
socket = (units / "leadsyncd.socket").read_text()
for needed in ("SocketMode=0660", "SocketGroup=leadsync-admin", "FileDescriptorName=api"):
    if needed not in socket:
        problems.append(f"leadsyncd.socket lacks {needed}")
sources.finish(problems, 2)
