#!/bin/sh
# Installs what is needed on Debian and Ubuntu, and only what is missing.
# usage: installer/install-packages.sh [build|test|windows]     build: to build chartferry; test: to run all tests as well;
#        windows: to cross to Windows and to run what comes of it
set -eu

build="build-essential cmake ninja-build pkg-config zlib1g-dev libjansson-dev libyaml-dev libsqlite3-dev libssl-dev libarchive-dev libexpat1-dev libdeflate-dev libhpdf-dev freetds-dev fonts-dejavu-core fonts-dejavu-extra libcmocka-dev python3"
test="clang clang-format clang-tidy openssl python3-openpyxl strace zsh debootstrap p7zip-full unzip poppler-utils"
windows="gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32 binutils-mingw-w64-x86-64 mingw-w64-x86-64-dev nsis wine wine64 osslsigncode tclsh perl patch xz-utils bzip2 p7zip-full"

case "${1:-build}" in
    build) wanted="$build" ;;
    test) wanted="$build $test" ;;
    windows) wanted="$build $windows" ;;
    *) echo "usage: $0 [build|test|windows]" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian or Ubuntu. Please install what corresponds to: $wanted"
    exit 0
fi

missing_of() {
    for package in "$@"; do
        case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" in
            *" installed") ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

install_missing() {
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null || { echo "Please run as root: apt-get install $missing" >&2; exit 1; }
    fi
    echo "Installing $missing"
    $as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

# shellcheck disable=SC2086
install_missing $wanted

# The sanitizer and fuzzer libraries of clang come with it in some releases and apart from it in others.
if [ "${1:-build}" = test ]; then
    major=$(clang -dumpversion | cut -d. -f1)
    runtime=$(clang -print-runtime-dir)
    if ! ls "$runtime"/libclang_rt.fuzzer*.a >/dev/null 2>&1; then
        install_missing "libclang-rt-$major-dev"
    fi
fi
