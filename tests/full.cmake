# The tests with the label "full": the tree built in other ways (each in a folder of its own below the build folder), the
# fast and corpus tests under sanitizers, damaged input, and every fuzz harness for ten seconds.
set(FULL ${CMAKE_BINARY_DIR}/full)

# nested_build(NAME PRESET preset TARGETS target... [CLANG]): a test that configures and builds the tree; warnings are
# errors there. Tests that need it name the fixture NAME.
function(nested_build name)
  cmake_parse_arguments(N "CLANG" "PRESET" "TARGETS" ${ARGN})
  if(N_CLANG AND NOT CLANG)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: clang absent")
    set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: " LABELS full FIXTURES_SETUP ${name})
    return()
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DBINARY=${FULL}/${name}
    -DPRESET=${N_PRESET} "-DTARGETS=${N_TARGETS}" -DSHARED=${CHARTFERRY_SHARED} -P ${CMAKE_CURRENT_SOURCE_DIR}/tools/nested_build.cmake)
  set_tests_properties(${name} PROPERTIES LABELS full FIXTURES_SETUP ${name} PROCESSORS 2 TIMEOUT 1800)
endfunction()

# gcc says what it has to say of all here, clang there.
nested_build(build_sanitized PRESET sanitize TARGETS all)
nested_build(build_fuzzers PRESET fuzz TARGETS all CLANG)

# The analyzer of one version only: others find other things, and a new release must not break the tests. Shallow, which takes two
# minutes where the deep one takes eleven: that one is run on what a change touches, by hand, without the extra arguments.
find_program(TIDY NAMES run-clang-tidy-14)
if(TIDY AND CLANG)
  add_test(NAME clang_analyzer COMMAND ${TIDY} -p ${FULL}/build_fuzzers -quiet -j 2
    -checks=-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling
    -extra-arg=-Xclang -extra-arg=-analyzer-config -extra-arg=-Xclang -extra-arg=mode=shallow "/(src|formats)/.*[.]c$")
  set_tests_properties(clang_analyzer PROPERTIES LABELS full FIXTURES_REQUIRED build_fuzzers PROCESSORS 2
    TIMEOUT 2400)
else()
  add_test(NAME clang_analyzer COMMAND ${CMAKE_COMMAND} -E echo "skipped: clang-tidy 14 absent")
  set_tests_properties(clang_analyzer PROPERTIES LABELS full SKIP_REGULAR_EXPRESSION "skipped: ")
endif()

# Leak checks stay on: what a reader allocates on hostile input must be freed as well.
set(sanitizer_settings "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:check_initialization_order=1"
  "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1")

# Each layer's code passes here, but not each test: those that run whole conversions again and again to look at something else than
# memory take ten times as long under sanitizers.
set(without_sanitizers "^(bundle_(again|found_again|guides)|check_practice.*|convert_(dr_dentes|privacy|report|slice)|loading_.*|\
pack_(deidentify|privacy)|practice_gen|snapshot_profile)$")
add_test(NAME sanitized_tests COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${FULL}/build_sanitized --output-on-failure
  --no-tests=error -j 2 -LE "check|full" -E "${without_sanitizers}")
set_tests_properties(sanitized_tests PROPERTIES LABELS full FIXTURES_REQUIRED build_sanitized PROCESSORS 2 TIMEOUT 3000
  ENVIRONMENT "${sanitizer_settings}")

add_test(NAME damaged_input COMMAND ${PYTHON3} -B ${CMAKE_CURRENT_SOURCE_DIR}/damage/mutate.py
  --program ${FULL}/build_sanitized/chartferry --bakgen ${FULL}/build_sanitized/tests/tools/bakgen/bakgen
  --corpus ${CHARTFERRY_SHARED}/corpus --mutants 1000 --jobs 2)
set_tests_properties(damaged_input PROPERTIES LABELS full FIXTURES_REQUIRED build_sanitized PROCESSORS 2 TIMEOUT 1500)

foreach(harness ${harnesses})
  get_filename_component(name ${harness} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" format ${name})
  # From one seed of chance: a test is the same each time, as far as the machine's speed lets it. Campaigns by hand go on from others.
  add_test(NAME ${name} COMMAND ${PYTHON3} -B ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/campaign --build ${FULL}/build_fuzzers
    --corpora ${FULL}/corpora --seconds 10 --seed 1 --jobs 1 --keep-all ${format})
  set_tests_properties(${name} PROPERTIES LABELS full FIXTURES_REQUIRED build_fuzzers TIMEOUT 150)
  if(NOT CLANG)
    set_tests_properties(${name} PROPERTIES DISABLED TRUE)
  endif()
endforeach()

# ---- Windows: crossed and packed by the one command, then compared with this system's program under Wine

set(CROSSED ${FULL}/build_windows)
add_test(NAME build_windows COMMAND ${CMAKE_SOURCE_DIR}/installer/build-windows.sh ${CROSSED})
# An hour: where the libraries are absent, they are built first.
set_tests_properties(build_windows PROPERTIES LABELS full FIXTURES_SETUP build_windows PROCESSORS 2 TIMEOUT 3600
  SKIP_RETURN_CODE 77)

set(windows ${CMAKE_CURRENT_SOURCE_DIR}/windows)
foreach(part corpus practice names)
  add_test(NAME windows_${part} COMMAND ${PYTHON3} -B ${windows}/same.py --native $<TARGET_FILE:chartferry>
    --windows ${CROSSED}/chartferry.exe --wine ${FULL}/wine --shared ${CHARTFERRY_SHARED} --practice-gen $<TARGET_FILE:practice-gen>
    ${part})
endforeach()
# Those that need nothing but what both systems have; which of them do not stands in CMakeLists.txt and in them.
add_test(NAME windows_units COMMAND ${PYTHON3} -B ${windows}/units.py --build ${CROSSED} --wine ${FULL}/wine)
# With a certificate made for it.
add_test(NAME windows_signing COMMAND ${PYTHON3} -B ${windows}/signing.py --build ${CROSSED} --packages ${FULL}/signed
  --wine ${FULL}/wine)
set_tests_properties(windows_corpus windows_practice windows_names windows_units windows_signing PROPERTIES RESOURCE_LOCK wine)
add_test(NAME windows_setup COMMAND ${PYTHON3} -B ${windows}/setup.py --packages ${CROSSED}/packages --wine ${FULL}/wine_setup
  --practice-gen $<TARGET_FILE:practice-gen> --shared ${CHARTFERRY_SHARED})
add_test(NAME windows_same_can_fail COMMAND ${PYTHON3} -B ${windows}/same.py --self-test)
set_tests_properties(windows_corpus windows_practice windows_names windows_units windows_signing windows_setup PROPERTIES LABELS full
  FIXTURES_REQUIRED build_windows TIMEOUT 900 SKIP_RETURN_CODE 77)
set_tests_properties(windows_same_can_fail PROPERTIES LABELS "fast;check" TIMEOUT 60)
