# What `cmake --install` installs, so that find_package(vidi) finds it.
include(CMakePackageConfigHelpers)
set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/vidi)

# A static vidi leaves its own copy of Beast to whoever links it; a shared one has it inside.
set(libraries vidi)
if(NOT BUILD_SHARED_LIBS)
    set_target_properties(vidi_beast PROPERTIES EXPORT_NAME beast)
    list(APPEND libraries vidi_beast)
endif()
install(TARGETS ${libraries} EXPORT vidi-targets)
install(EXPORT vidi-targets NAMESPACE vidi:: DESTINATION ${package_directory})

# What find_package(vidi) gives only to who asks for it by its name, with headers of its own.
set(without)
function(install_component name)
    if(NOT TARGET vidi_${name})
        set(without ${without} PATTERN ${name} EXCLUDE PARENT_SCOPE)
        return()
    endif()
    # It finds vidi beside it, wherever the two are installed.
    set_target_properties(vidi_${name} PROPERTIES INSTALL_RPATH $ORIGIN)
    install(TARGETS vidi_${name} EXPORT vidi-${name}-targets)
    install(EXPORT vidi-${name}-targets NAMESPACE vidi:: DESTINATION ${package_directory})
endfunction()
install_component(batch)
install_component(testing)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/vidi
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN *.hpp ${without})

configure_package_config_file(vidi-config.cmake.in ${PROJECT_BINARY_DIR}/vidi-config.cmake
    INSTALL_DESTINATION ${package_directory}
    NO_SET_AND_CHECK_MACRO)
# Below 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/vidi-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(
    FILES ${PROJECT_BINARY_DIR}/vidi-config.cmake ${PROJECT_BINARY_DIR}/vidi-config-version.cmake
    DESTINATION ${package_directory})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
