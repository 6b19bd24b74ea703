# leadsync_add_plugin(NAME SOURCES ... [LIBRARIES ...]): the plugin NAME.so.
#
# It exports leadsync_plugin_entry and nothing else, so two plugins can bring the same library in different versions. It is never
# unloaded (nodelete), and no inline variable of its is merged with another library's (-fno-gnu-unique): a merged one would also
# keep it from being independent. No NAME_EXPORTS is defined: nothing else is exported, and without it plugins can share a precompiled header.
# Built to ${CMAKE_BINARY_DIR}/lib/leadsync/plugins, installed to ${CMAKE_INSTALL_LIBDIR}/leadsync/plugins (not installed where
# LEADSYNC_INSTALL_PLUGINS is set to OFF).
function(leadsync_add_plugin name)
  cmake_parse_arguments(PLUGIN "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT PLUGIN_SOURCES OR PLUGIN_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "leadsync_add_plugin(NAME SOURCES file... [LIBRARIES target...])")
  endif()
  set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/leadsync_plugin.map)

  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE leadsync::sdk ${PLUGIN_LIBRARIES})
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
