# Compiler settings, and the functions with which every folder declares what it is.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(LEADSYNC_SANITIZE "" CACHE STRING "Value of -fsanitize=, empty for none")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Release keeps its assertions: a broken invariant must end the process, not corrupt the store.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")
set(CMAKE_C_FLAGS_DEBUG "-Og -g1")

add_compile_options(-Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The last three are false in g++ 12 for coroutine frames and result<void>.
  add_compile_options(-Werror $<$<COMPILE_LANGUAGE:CXX>:-Wshadow=local>
    -Wno-maybe-uninitialized -Wno-restrict $<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete>)
endif()
if(LEADSYNC_SANITIZE)
  add_compile_options(-fsanitize=${LEADSYNC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LEADSYNC_SANITIZE})
  if(LEADSYNC_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # Asio's fences, which g++'s TSan does not model
  endif()
  if(LEADSYNC_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang AND LEADSYNC_SANITIZE MATCHES undefined)
    # Type information of plugin functions lives in two libraries; clang compares addresses.
    add_compile_options(-fno-sanitize=function,vptr)
  endif()
endif()

if(LEADSYNC_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)  # libFuzzer sees which lines an input reaches
endif()

# Asio and Beast are compiled once, in daemon/base/asio.cpp; JSON and URL come from their libraries.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ALL_NO_LIB)

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url filesystem)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET libcrypto libssl)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
if(NOT LEADSYNC_SANITIZE)  # whose allocators must be the ones that are called
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
endif()
find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

# The builds for tests parse the common headers once for each kind of target. The release and clang builds do without: there, a file
# that includes less than it uses is found out.
option(LEADSYNC_PRECOMPILE "Precompile the common headers" OFF)

# leadsync_precompile(TARGET ORIGIN [HEADERS ...]): TARGET is compiled with the precompiled header of ORIGIN, which may be itself. Its flags must
# be those of ORIGIN, and its definitions those of ORIGIN or more.
function(leadsync_precompile target origin)
  cmake_parse_arguments(PRECOMPILE "" "" "HEADERS" ${ARGN})
  if(NOT LEADSYNC_PRECOMPILE)
    return()
  endif()
  if(NOT target STREQUAL origin)
    target_precompile_headers(${target} REUSE_FROM ${origin})
    return()
  endif()
  foreach(header algorithm array charconv chrono cstdint cstdlib filesystem functional map memory optional set span string string_view
          unordered_map utility variant vector boost/json.hpp ${PRECOMPILE_HEADERS})
    target_precompile_headers(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>)
  endforeach()
endfunction()

# leadsync_module(NAME [LIBRARIES ...]): every .cpp of the current folder as static library leadsync_NAME.
function(leadsync_module name)
  cmake_parse_arguments(MODULE "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(leadsync_${name} STATIC ${sources})
  target_include_directories(leadsync_${name} PUBLIC ${PROJECT_SOURCE_DIR}/daemon)
  target_link_libraries(leadsync_${name} PUBLIC ${MODULE_LIBRARIES})
  leadsync_precompile(leadsync_${name} leadsync_base)
endfunction()

add_custom_target(tsan_tests)

# leadsync_test(NAME SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT s]): one GoogleTest program, one CTest test. Label tsan: part of
# target `tsan_tests`.
function(leadsync_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name}_test ${TEST_SOURCES})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_test PRIVATE ${TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
  if(NOT TARGET test_headers)  # defines the least of all tests
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_headers.cpp CONTENT "int main() {}\n")
    add_executable(test_headers EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/test_headers.cpp)
    target_link_libraries(test_headers PRIVATE GTest::gmock Boost::json)
    if(LEADSYNC_SANITIZE MATCHES undefined)
      target_compile_options(test_headers PRIVATE -fno-sanitize=undefined)
    endif()
    leadsync_precompile(test_headers test_headers HEADERS gmock/gmock.h gtest/gtest.h)
  endif()
  leadsync_precompile(${name}_test test_headers)
  if(LEADSYNC_SANITIZE MATCHES undefined)
    # GoogleTest's macros double their compile time under UBSan; what is tested keeps it.
    target_compile_options(${name}_test PRIVATE -fno-sanitize=undefined)
  endif()
  if("tsan" IN_LIST TEST_LABELS)
    add_dependencies(tsan_tests ${name}_test)
  endif()
  add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "unit;${TEST_LABELS}"
    ENVIRONMENT "LEADSYNC_BUILD=${CMAKE_BINARY_DIR};UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# leadsync_fuzzer(NAME SOURCES ... LIBRARIES ...): libFuzzer target fuzz_NAME, part of target `fuzzers`.
function(leadsync_fuzzer name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(fuzz_${name} EXCLUDE_FROM_ALL ${FUZZ_SOURCES})
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(fuzz_${name} PRIVATE ${FUZZ_LIBRARIES} -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers fuzz_${name})
endfunction()
