#!/bin/bash
# Makes all of chartferry for Windows and prints the paths: the setup program, the portable ZIP, SHA256SUMS.
# usage: installer/build-windows.sh [BUILD-FOLDER [PACKAGES-FOLDER]]     default: build-windows, and packages in it
#
# Signs chartferry.exe, the setup and its uninstaller when a certificate is given in the environment:
#   CHARTFERRY_SIGN_CERTIFICATE  a PKCS #12 file (.pfx, .p12)
#   CHARTFERRY_SIGN_PASSWORD     a file with its password (none: the certificate has none)
#   CHARTFERRY_SIGN_TIME         the address of a time-stamping server (none: the signature ends with the certificate)
# Exit 77: the packages or sources for Windows cannot be had here.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
build=${1:-$top/build-windows}
for tool in makensis x86_64-w64-mingw32-strip; do
    command -v "$tool" >/dev/null || {
        echo "No $tool here: run installer/install-packages.sh windows" >&2
        exit 77
    }
done

prefix=$("$here/windows-libraries.sh")
# A build folder remembers where it found each library. Those of another prefix are of no use, though they may still be there.
grep -qF "=$prefix/" "$build/CMakeCache.txt" 2>/dev/null || rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
(cd "$top" && cmake --preset windows -B "$build" >/dev/null)
cmake --build "$build" --target chartferry path-entry >/dev/null
build=$(cd "$build" && pwd)
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
out=${2:-$build/packages}
tree=$build/tree
rm -rf "$out" "$tree"
mkdir -p "$out" "$tree/licenses"
out=$(cd "$out" && pwd)

# ---- what is installed

crlf() { sed 's/\r*$/\r/' "$1" >"$2"; } # for editors that know nothing else
x86_64-w64-mingw32-strip -s -o "$tree/chartferry.exe" "$build/chartferry.exe"
x86_64-w64-mingw32-strip -s -o "$build/path-entry-small.exe" "$build/path-entry.exe"
cp -rL "$top/templates" "$tree/templates"
find "$tree/templates" -name __pycache__ -prune -exec rm -rf {} +
crlf "$top/LICENSE" "$tree/LICENSE.txt"
crlf "$here/windows/README.txt" "$tree/README.txt"
crlf "$top/CHANGELOG.md" "$tree/CHANGELOG.md"
python3 -B "$here/make_sbom.py" "$version" windows "$here/windows-sources.txt" >"$tree/chartferry.cdx.json"
for text in "$here"/licenses/*.txt "$prefix"/licenses/*.txt; do
    crlf "$text" "$tree/licenses/$(basename "$text")"
done
# The C library of mingw-w64, the compiler's own functions, and the stub of the setup program.
for package in mingw-w64-x86-64-dev gcc-mingw-w64-x86-64-win32 nsis; do
    crlf "/usr/share/doc/$package/copyright" "$tree/licenses/$package.txt"
done

# ---- signing

sign=
if [ -n "${CHARTFERRY_SIGN_CERTIFICATE:-}" ]; then
    sign=$build/sign.sh
    {
        echo '#!/bin/bash'
        echo 'set -e'
        printf 'osslsigncode sign -h sha256 -pkcs12 %q' "$CHARTFERRY_SIGN_CERTIFICATE"
        [ -z "${CHARTFERRY_SIGN_PASSWORD:-}" ] || printf ' -readpass %q' "$CHARTFERRY_SIGN_PASSWORD"
        [ -z "${CHARTFERRY_SIGN_TIME:-}" ] || printf ' -ts %q' "$CHARTFERRY_SIGN_TIME"
        echo ' -n chartferry -in "$1" -out "$1.signed" >/dev/null'
        echo 'mv "$1.signed" "$1"'
    } >"$sign"
    chmod +x "$sign"
    "$sign" "$tree/chartferry.exe"
    "$sign" "$build/path-entry-small.exe"
fi

# ---- packages

python3 -B "$here/windows/pack.py" nsis "$tree" "$build/files.nsh"
export SOURCE_DATE_EPOCH=1700000000 # of the files in the setup, not of its making: the same bytes at any time
makensis -V2 -WX "-DVERSION=$version" "-DTREE=$tree" "-DFILES=$build/files.nsh" "-DHELPER=$build/path-entry-small.exe" \
    "-DICON=$build/chartferry.ico" "-DSIZE_KB=$(du -sk "$tree" | cut -f1)" "-DOUT=$out/chartferry-$version-setup.exe" \
    ${sign:+"-DSIGN=$sign"} "$here/windows/setup.nsi" >&2
python3 -B "$here/windows/pack.py" zip "$tree" "$out/chartferry-$version-windows-x64.zip" "chartferry-$version"
(cd "$out" && sha256sum -- *.exe *.zip >SHA256SUMS)
[ -n "$sign" ] || echo "Not signed: CHARTFERRY_SIGN_CERTIFICATE names no certificate." >&2
ls -d "$out"/*
