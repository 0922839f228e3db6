# The Linux packages, made by `cmake --build BUILD --target package`: a .deb and a tarball. What the .deb depends on is read off the
# program by dpkg-shlibdeps, so that it is right for the release that it was built on.
set(CPACK_PACKAGE_NAME chartferry)
set(CPACK_PACKAGE_VENDOR "the makers of chartferry")
set(CPACK_PACKAGE_CONTACT "the makers of chartferry <chartferry@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "dental practice data from SQL Server backups to a CRM, offline")
set(CPACK_PACKAGE_DESCRIPTION "Reads SQL Server backups, data files and CSV dumps of dental practice systems without SQL Server and\
 without a network, and writes import bundles for Microsoft Dynamics 365, Salesforce, Zoho CRM and Pipedrive.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
# No build time in the packages: the same tree gives the same bytes. A release says its own moment.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(CPACK_BUILD_SOURCE_DATE_EPOCH 1577836800)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
