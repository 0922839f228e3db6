# Crosses to Windows x64 with mingw-w64. The libraries lie in the prefix that windows-libraries.sh makes and names; tests
# run under Wine.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
# The variant with Windows' own threads: its programs need no DLL beside them.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-win32)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-win32)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_AR x86_64-w64-mingw32-gcc-ar-win32)
set(CMAKE_RANLIB x86_64-w64-mingw32-gcc-ranlib-win32)

if(NOT DEFINED ENV{CHARTFERRY_WINDOWS_PREFIX})
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/windows-libraries.sh --where OUTPUT_VARIABLE where
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(ENV{CHARTFERRY_WINDOWS_PREFIX} ${where})
endif()
set(CMAKE_FIND_ROOT_PATH $ENV{CHARTFERRY_WINDOWS_PREFIX} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} $ENV{CHARTFERRY_WINDOWS_PREFIX}/lib/pkgconfig)
set(CMAKE_CROSSCOMPILING_EMULATOR wine)

set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
