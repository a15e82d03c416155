#pragma once

#include <string_view>

namespace vidi_tool {

/// The parts of a report's page that are the same in each. They are files in `report_page/`, which
/// the build puts into the program.
struct report_page
{
    /// HTML with places named as in `{{title}}`.
    static std::string_view const html;
    static std::string_view const style;
    static std::string_view const script;
};

} // namespace vidi_tool
