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

    # The same with its manifest in a file; one that is no JSON is refused when it is configured.
    source = scratch / "with_manifest"
    source.mkdir()
    (source / "CMakeLists.txt").write_text("""cmake_minimum_required(VERSION 3.25)
project(filed CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(leadsync REQUIRED)
leadsync_add_plugin(filed MANIFEST manifest.json SOURCES filed.cpp)
""")
    (source / "filed.cpp").write_text("""#include "leadsync_manifest.hpp"
#include <leadsync/csv.hpp>
#include <leadsync/plugin.hpp>
leadsync::sdk::task<std::string> run(leadsync::sdk::session_context, std::string) { co_return "{}"; }
LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, run)
""")
    configure = ["cmake", "-G", "Ninja", "-S", source, "-B", scratch / "filed", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={options.compiler}"]
    (source / "manifest.json").write_text('{"name": "filed", "title": "With ; and @signs@ and \\"quotes\\""')
    refused = subprocess.run(configure, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert refused.returncode != 0 and "manifest.json" in refused.stdout, refused.stdout
    with (source / "manifest.json").open("a") as manifest:
        manifest.write("}")
    run(*configure)
    run("cmake", "--build", scratch / "filed")
    assert b"With ; and @signs@ and \\\"quotes\\\"" in (scratch / "filed/lib/leadsync/plugins/filed.so").read_bytes()

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
