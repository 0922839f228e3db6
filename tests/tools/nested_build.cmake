# Configures SOURCE with PRESET into BINARY, with warnings as errors, and builds TARGETS there. Run by full.cmake.
execute_process(
  COMMAND ${CMAKE_COMMAND} --preset ${PRESET} -B ${BINARY} -DCMAKE_C_FLAGS=-Werror -DCHARTFERRY_FULL_TESTS=OFF
    -DCHARTFERRY_SHARED=${SHARED}
  WORKING_DIRECTORY ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY} --target ${TARGETS} COMMAND_ERROR_IS_FATAL ANY)
