# What is installed, and the Debian package of it (CPack). `./dev package` makes one of the release build.
include(GNUInstallDirs)

install(TARGETS peekr RUNTIME DESTINATION bin)
install(FILES README.md LICENSE DESTINATION share/doc/peekr)
install(DIRECTORY docs/ DESTINATION share/doc/peekr/docs)

# What the program prints about itself.
function(peekr_install_printed file)
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${file}\")
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:peekr>\" ${ARGN} OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")
endfunction()
peekr_install_printed(share/man/man1/peekr.1 help --man)
foreach(command scan plan inventory explain diff convert db policy list versions cache doctor config completion)
  peekr_install_printed(share/man/man1/peekr-${command}.1 help ${command} --man)
endforeach()
peekr_install_printed(share/bash-completion/completions/peekr completion bash)
peekr_install_printed(share/zsh/vendor-completions/_peekr completion zsh)
peekr_install_printed(share/fish/vendor_completions.d/peekr.fish completion fish)
install(CODE "
  file(GLOB pages \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/man1/peekr*.1\")
  execute_process(COMMAND gzip -9nf \${pages} COMMAND_ERROR_IS_FATAL ANY)")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the peekr developers <peekr@peekr.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "scanner for known vulnerabilities in container images")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "peekr opens a container image, a root file system or an SBOM, finds the software in it that has
known vulnerabilities, and says what to do about them. It reads the advisories of their publishers, needs no container engine, and
says what it could not look at.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libcurl4)  # opened where it is needed: dpkg-shlibdeps does not see it
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
