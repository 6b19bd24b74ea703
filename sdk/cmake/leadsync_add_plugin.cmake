# leadsync_add_plugin(NAME SOURCES ... [LIBRARIES ...] [MANIFEST manifest.json]): the plugin NAME.so.
#
# Of a manifest in a file it makes the header leadsync_manifest.hpp, for LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, run).
#
# It exports leadsync_plugin_entry and nothing else, so two plugins can bring the same library in different versions. It is never
# unloaded (nodelete), and no inline variable of its is merged with another library's (-fno-gnu-unique): a merged one would also
# keep it from being independent. No NAME_EXPORTS is defined: nothing else is exported, and without it plugins can share a precompiled header.
# Built to ${CMAKE_BINARY_DIR}/lib/leadsync/plugins, installed to ${CMAKE_INSTALL_LIBDIR}/leadsync/plugins (not installed where
# LEADSYNC_INSTALL_PLUGINS is set to OFF).
function(leadsync_add_plugin name)
  cmake_parse_arguments(PLUGIN "" "MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT PLUGIN_SOURCES OR PLUGIN_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "leadsync_add_plugin(NAME SOURCES file... [LIBRARIES target...] [MANIFEST file])")
  endif()
  set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/leadsync_plugin.map)

  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE leadsync::sdk ${PLUGIN_LIBRARIES})
  if(PLUGIN_MANIFEST)
    get_filename_component(manifest ${PLUGIN_MANIFEST} ABSOLUTE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
    file(READ ${manifest} manifest_text)
    string(JSON manifest_name ERROR_VARIABLE manifest_error GET "${manifest_text}" name)
    if(manifest_error)
      message(FATAL_ERROR "${manifest}: ${manifest_error}")
    endif()
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_generated)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/leadsync_manifest.hpp.in ${generated}/leadsync_manifest.hpp @ONLY)
    target_include_directories(${name} PRIVATE ${generated})
  endif()
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:$<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>>)
  target_link_options(${name} PRIVATE "LINKER:--version-script=${version_script}" LINKER:-z,nodelete LINKER:-z,relro LINKER:-z,now)
  if(NOT LEADSYNC_SANITIZE AND NOT "${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE LINKER:-z,defs)  # a forgotten library fails here, not when the daemon loads it
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .so DEFINE_SYMBOL ""
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${version_script}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/leadsync/plugins)

  if(NOT DEFINED LEADSYNC_INSTALL_PLUGINS OR LEADSYNC_INSTALL_PLUGINS)
    include(GNUInstallDirs)
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/leadsync/plugins COMPONENT plugins)
  endif()
endfunction()
