#pragma once

#include <vidi/error.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace vidi::model {

/// Where and why a text is not JSON.
struct syntax_error
{
    /// In bytes from the beginning of the text.
    std::size_t offset = 0;
    std::string reason{};
};

/// A JSON text read into values. They live in the document: small ones take no other memory.
class document
{
public:
    /// Deeper than any response, and shallow enough for code that descends by recursion.
    static constexpr std::size_t max_depth = 64;

    document() : root_(boost::json::storage_ptr{&resource_}) {}
    document(document const&) = delete;
    document& operator=(document const&) = delete;

    /// Reads `text`, once. If that fails, returns null and says why in `error`.
    boost::json::value const* read(std::string_view text, syntax_error& error);

private:
    unsigned char buffer_[8192];
    boost::json::monotonic_resource resource_{buffer_};
    boost::json::value root_;
};

} // namespace vidi::model
