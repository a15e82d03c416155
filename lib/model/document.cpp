#include "model/document.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cstdint>
#include <system_error>

namespace vidi::model {
namespace {

namespace json = boost::json;

// Builds the values. Boost.JSON's own parser does the same but for one point: its floating-point
// numbers can differ from the text in the last bit, so that they would not come out again as they
// came in.
struct handler
{
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    unsigned char buffer[2048];
    json::value_stack stack{json::storage_ptr{}, buffer, sizeof buffer};

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code&) { return stack.push_object(n), true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) { return stack.push_array(n), true; }
    bool on_key_part(json::string_view s, std::size_t, error_code&)
    {
        return stack.push_chars(s), true;
    }
    bool on_key(json::string_view s, std::size_t, error_code&) { return stack.push_key(s), true; }
    bool on_string_part(json::string_view s, std::size_t, error_code&)
    {
        return stack.push_chars(s), true;
    }
    bool on_string(json::string_view s, std::size_t, error_code&)
    {
        return stack.push_string(s), true;
    }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t i, json::string_view, error_code&)
    {
        return stack.push_int64(i), true;
    }
    bool on_uint64(std::uint64_t u, json::string_view, error_code&)
    {
        return stack.push_uint64(u), true;
    }
    bool on_double(double number, json::string_view text, error_code&)
    {
        // Left as it is where the text is out of range: zero or infinite.
        std::from_chars(text.data(), text.data() + text.size(), number);
        return stack.push_double(number), true;
    }
    bool on_bool(bool b, error_code&) { return stack.push_bool(b), true; }
    bool on_null(error_code&) { return stack.push_null(), true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }
};

json::parse_options options()
{
    json::parse_options result;
    result.max_depth = document::max_depth;
    return result;
}

std::string reason_for(error_code ec)
{
    if (ec == json::error::too_deep)
        return "nested deeper than " + std::to_string(document::max_depth) + " levels";
    return ec.message();
}

} // namespace

json::value const* document::read(std::string_view text, syntax_error& error)
{
    json::basic_parser<handler> parser{options()};
    parser.handler().stack.reset(&resource_);
    error_code ec;
    std::size_t const end = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && end < text.size())
        ec = json::error::extra_data;
    if (ec) {
        error = {end, reason_for(ec)};
        return nullptr;
    }
    root_ = parser.handler().stack.release();
    return &root_;
}

} // namespace vidi::model
