#pragma once

#include <string>

namespace vidi_tool {

/// A small picture of a file as a data URL, or an empty text if there can be none. Opens no file
/// but that one, and decodes nothing but JPEG, PNG, GIF and WebP.
///
/// Built without libvips, it is the file itself, if that is small enough.
/// @param pixels The longer side, at most.
std::string make_thumbnail(std::string const& file, unsigned pixels);

} // namespace vidi_tool
