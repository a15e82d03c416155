#include "csv_record.hpp"

#include "json_text.hpp"

#include <csv.h>

#include <string_view>

namespace vidi_tool {
namespace {

std::string quoted(std::string_view text)
{
    if (text.empty())
        return {};
    std::string field(2 * text.size() + 2, '\0');
    field.resize(csv_write(field.data(), field.size(), text.data(), text.size()));
    return field;
}

std::string id_field(boost::json::value const& id)
{
    if (id.is_null())
        return {};
    return id.is_string() ? quoted(id.get_string()) : compact_json(id);
}

} // namespace

std::string csv_header()
{
    return "id,line,image,status,text,input_tokens,output_tokens,error_kind,error_message,"
           "http_status,request_id,error_code,attempts,possibly_billed,interrupted,"
           "milliseconds\r\n";
}

std::string make_csv_record(vidi::batch::origin const& from, vidi::batch::result const& what)
{
    std::string row = id_field(from.id);
    auto const add = [&row](std::string const& field) { row.append(1, ',').append(field); };
    add(std::to_string(from.position));
    add(quoted(from.image));
    add(quoted(what.status));
    add(quoted(what.text));
    add(what.usage ? std::to_string(what.usage->input_tokens) : "");
    add(what.usage ? std::to_string(what.usage->output_tokens) : "");
    auto const failure = what.failure.value_or(vidi::batch::failure{});
    add(quoted(failure.kind));
    add(quoted(failure.message));
    add(failure.http_status == 0 ? "" : std::to_string(failure.http_status));
    add(quoted(failure.request_id));
    add(quoted(failure.code));
    add(std::to_string(what.attempts));
    add(std::to_string(what.possibly_billed));
    add(std::to_string(what.interrupted));
    add(std::to_string(what.duration.count()));
    return row + "\r\n";
}

} // namespace vidi_tool
