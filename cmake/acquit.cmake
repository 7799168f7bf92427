# How every part of the server is built: one static library and one test program a folder.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(ACQUIT_SANITIZE "" CACHE STRING "address or thread; empty for none")
option(ACQUIT_BATCHES "Compile sources in batches: less work from scratch, more after a change")

find_program(ACQUIT_CCACHE ccache)
if(ACQUIT_CCACHE)
  # Paths relative to the tree, so that another clone of it finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${ACQUIT_CCACHE})
endif()
find_program(ACQUIT_MOLD mold)
if(ACQUIT_MOLD)
  add_link_options(-fuse-ld=mold)
else()
  add_link_options(-fuse-ld=lld-19)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wswitch -Werror -fno-strict-aliasing -fstack-protector-strong -fcf-protection=full)
# No table of functions stays writable, and jumps land where they may (checked by tests/e2e/hardening.test.mjs).
add_link_options(-pie -Wl,-z,relro,-z,now)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_definitions(_GLIBCXX_ASSERTIONS BOOST_ASIO_NO_DEPRECATED SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
add_compile_definitions($<$<NOT:$<STREQUAL:${ACQUIT_SANITIZE},address>>:_FORTIFY_SOURCE=2>)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-U_FORTIFY_SOURCE)
endif()
if(ACQUIT_SANITIZE STREQUAL "address")
  # With what the fuzz targets need to see where they have been, so that they share the tests' objects.
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ACQUIT_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)

# acquit_embed(<target> <name> BASE <dir> FILES <file>...): the files' text, compiled in; read it by
# `acquit::embedded::<name>()` after declaring it with ACQUIT_EMBEDDED(<name>) from base/embedded.h.
function(acquit_embed target name)
  cmake_parse_arguments(ARG "" "BASE" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  string(REPLACE ";" "|" joined "${ARG_FILES}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DBASE=${ARG_BASE} "-DFILES=${joined}" -DOUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARG_FILES} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  set_source_files_properties(${output} PROPERTIES COMPILE_OPTIONS "-Wno-overlength-strings")
  target_sources(${target} PRIVATE ${output})
endfunction()

# acquit_embed_compressed(<target> <name> BASE <dir> FILES <file>...): as acquit_embed, but each file twice, gzipped under
# its name with .gz and with brotli under .br: what is served for years is compressed once, as hard as can be.
find_program(ACQUIT_BROTLI brotli REQUIRED)
find_program(ACQUIT_GZIP gzip REQUIRED)
function(acquit_embed_compressed target name)
  cmake_parse_arguments(ARG "" "BASE" "FILES" ${ARGN})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
  foreach(file IN LISTS ARG_FILES)
    file(RELATIVE_PATH path ${ARG_BASE} ${file})
    set(outputs ${folder}/${path}.gz ${folder}/${path}.br)
    add_custom_command(OUTPUT ${outputs}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${folder}/${path} -DGZIP=${ACQUIT_GZIP} -DBROTLI=${ACQUIT_BROTLI}
              -P ${CMAKE_SOURCE_DIR}/cmake/compress.cmake
      DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/compress.cmake VERBATIM)
    list(APPEND compressed ${outputs})
  endforeach()
  acquit_embed(${target} ${name} BASE ${folder} FILES ${compressed})
endfunction()

# acquit_batches(<variable> <name> <source>...): what to compile for those sources: themselves, or with ACQUIT_BATCHES
# files that include several of them (tools/batches.py). One with options of its own stays alone, and comes first: of an
# inline function that several define, the linker takes what it sees first.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
function(acquit_batches variable name)
  set(alone "")
  set(sources ${ARGN})
  foreach(source IN LISTS ARGN)
    get_source_file_property(options ${source} COMPILE_OPTIONS)
    get_source_file_property(definitions ${source} COMPILE_DEFINITIONS)
    if(options OR definitions OR NOT ACQUIT_BATCHES)
      list(APPEND alone ${source})
      list(REMOVE_ITEM sources ${source})
    endif()
  endforeach()
  if(sources)
    execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/batches.py ${CMAKE_CURRENT_BINARY_DIR} ${name}
                            ${CMAKE_SOURCE_DIR}/server/src ${sources}
                    OUTPUT_VARIABLE sources OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" ";" sources "${sources}")
  endif()
  set(${variable} ${alone} ${sources} PARENT_SCOPE)
endfunction()

# acquit_folder(<name> [PARTS <subfolder>...] [DEPS <folder>...] [LIBS <library>...] [TEST_LIBS <library>...]
# [PROGRAM <source>...]): library acquit_<name> from the sources of the folder and its parts but PROGRAM's, program
# test_<name> from their *_test.cpp; sql/*.sql is embedded as sql_<name>. Options of single sources are set before.
function(acquit_folder name)
  cmake_parse_arguments(ARG "" "" "PARTS;DEPS;LIBS;TEST_LIBS;PROGRAM" ${ARGN})
  set(source_globs *.cpp impl/*.cpp)
  set(test_globs *_test.cpp impl/*_test.cpp)
  foreach(part IN LISTS ARG_PARTS)
    list(APPEND source_globs ${part}/*.cpp ${part}/impl/*.cpp)
    list(APPEND test_globs ${part}/*_test.cpp ${part}/impl/*_test.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${source_globs})
  file(GLOB tests CONFIGURE_DEPENDS ${test_globs})
  list(TRANSFORM ARG_PROGRAM PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(REMOVE_ITEM sources ${tests} ${ARG_PROGRAM})
  acquit_batches(sources acquit_${name} ${sources})
  add_library(acquit_${name} STATIC ${sources})
  target_include_directories(acquit_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server/src)
  list(TRANSFORM ARG_DEPS PREPEND acquit_)
  target_link_libraries(acquit_${name} PUBLIC ${ARG_DEPS} ${ARG_LIBS} Threads::Threads)
  file(GLOB queries CONFIGURE_DEPENDS sql/*.sql)
  if(queries)
    acquit_embed(acquit_${name} sql_${name} BASE ${CMAKE_CURRENT_SOURCE_DIR}/sql FILES ${queries})
  endif()
  if(tests)
    set(size_of_all 0)
    foreach(test IN LISTS tests)
      file(SIZE ${test} size)
      math(EXPR size_of_all "${size_of_all} + ${size}")
    endforeach()
    acquit_batches(tests test_${name} ${tests})
    add_executable(test_${name} ${tests})
    target_link_libraries(test_${name} PRIVATE acquit_${name} ${ARG_TEST_LIBS} GTest::gmock GTest::gtest_main)
    target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_definitions(test_${name} PRIVATE ACQUIT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(test_${name} PRIVATE -Wno-conversion)
    if(ACQUIT_SANITIZE)
      # A test says more than it computes: what optimising it costs, no run of it earns back.
      target_compile_options(test_${name} PRIVATE -O0 -fno-sanitize=fuzzer-no-link)
    endif()
    add_test(NAME ${name} COMMAND test_${name})
    # The largest first: begun last, it would run by itself in the end.
    set_tests_properties(${name} PROPERTIES COST ${size_of_all})
  endif()
endfunction()
