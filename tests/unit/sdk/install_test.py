"""Installs the SDK to a fresh prefix, and builds against it what a plugin's author would: the template by find_package, the README's
plugin by pkg-config."""
import argparse
import os
import pathlib
import re
import subprocess
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--compiler", required=True)
options = parser.parse_args()


def run(*command, **settings):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **settings)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout.strip()


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch).resolve()
    prefix = scratch / "prefix"
    run("cmake", "--install", options.build, "--component", "sdk", "--prefix", prefix)

    template = next(prefix.glob("share/doc/*/sdk/template"))
    run("cmake", "-G", "Ninja", "-S", template, "-B", scratch / "toy", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={options.compiler}")
    run("cmake", "--build", scratch / "toy")
    library = scratch / "toy/lib/leadsync/plugins/toy.so"
    exported = [line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()]
    assert exported == ["leadsync_plugin_entry"], exported
    assert "NODELETE" in run("readelf", "-d", library)

    run("cmake", "--install", scratch / "toy", "--prefix", prefix)
    package = next(prefix.glob("**/leadsync.pc"))
    environment = {**os.environ, "PKG_CONFIG_PATH": str(package.parent)}
    plugins = run("pkg-config", "--variable=plugindir", "leadsync", env=environment)
    assert (pathlib.Path(plugins) / "toy.so").is_file(), plugins

    readme = (template.parent / "README.md").read_text()
    plugin = re.search(r"```cpp\n(.*?)```", readme, re.S).group(1)
    assert len(plugin.splitlines()) <= 33, "the README's plugin is meant to fit on one screen"
    (scratch / "readme.cpp").write_text(plugin)
    flags = run("pkg-config", "--cflags", "leadsync", env=environment).split()
    run(options.compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *flags, scratch / "readme.cpp")
