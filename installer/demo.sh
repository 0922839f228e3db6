#!/bin/sh
# From a fresh Debian or Ubuntu to a result: installs what is missing, builds chartferry in build/, makes a small sample
# backup of an invented practice, looks into it and takes its tables out. The last line says where they are.
set -eu

cd "$(dirname "$0")/.."

echo "== 1 of 4: packages"
./installer/install-packages.sh build

echo "== 2 of 4: build"
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build build --target chartferry bakgen

echo "== 3 of 4: a sample backup, and what chartferry says about it"
rm -rf build/demo
mkdir build/demo
build/tests/tools/bakgen/bakgen --sample practice --log --out build/demo/practice.bak
build/chartferry inspect build/demo/practice.bak

echo "== 4 of 4: take every table out"
build/chartferry extract build/demo/practice.bak --out build/demo/tables
echo
echo "The tables are CSV files in $PWD/build/demo/tables"
