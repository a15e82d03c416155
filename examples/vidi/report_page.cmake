# Puts the page of the report into a source file. Each file stays below the 64 KiB that compilers
# must accept as one string.
set(report_scripts store.js search.js elements.js summary.js charts.js detail.js results.js main.js)
set(report_page_directory ${CMAKE_CURRENT_SOURCE_DIR}/report_page)

file(READ ${report_page_directory}/page.html html)
file(READ ${report_page_directory}/page.css style)
set(script "")
foreach(name ${report_scripts})
    file(READ ${report_page_directory}/${name} text)
    string(APPEND script "${text}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${report_page_directory}/${name})
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${report_page_directory}/page.html ${report_page_directory}/page.css)
configure_file(report_page.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/report_page.cpp @ONLY)
