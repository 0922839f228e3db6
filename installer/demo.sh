#!/bin/sh
# From a fresh Debian or Ubuntu to a result: installs what is missing, builds chartferry in build/, makes the backup
# of an invented practice, looks into it and converts it. The last line is the path of the report.
set -eu

cd "$(dirname "$0")/.."

echo "== 1 of 4: packages"
./installer/install-packages.sh build

echo "== 2 of 4: build"
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build build --target chartferry practice-gen

echo "== 3 of 4: an invented practice, and what chartferry says about its backup"
rm -rf build/demo
build/tests/tools/practice-gen/practice-gen --patients 60 --out build/demo
build/chartferry inspect build/demo/practice.bak

# 3: done, and some values and rows were held back, as the hard cases of the practice must be.
echo "== 4 of 4: convert it"
build/chartferry convert build/demo/practice.bak --to canonical --out build/demo/runs || [ $? -eq 3 ]
echo
echo "Patients, exams, plans and notes are CSV files and a workbook in $PWD/build/demo/runs; what is right stands in"
echo "$PWD/build/demo/truth. What was written, held back and left out, and why:"
ls "$PWD"/build/demo/runs/*/report.html
