#include "ledger_file.hpp"

#include "json_text.hpp"

#include <boost/json/object.hpp>

#include <stdexcept>

namespace vidi_tool {

namespace json = boost::json;

ledger_file::ledger_file(std::string const& path) : path_{path}, file_{path, std::ios::binary}
{
    if (!file_)
        throw std::runtime_error("cannot write " + path_);
}

void ledger_file::write(vidi::testing::exchange_record const& record)
{
    json::object const line{
        {"sequence", record.sequence},
        {"connection", record.connection},
        {"method", record.method},
        {"target", record.target},
        {"client_request_id", record.client_request_id},
        {"status", record.status},
        {"executed", record.executed},
        {"complete", record.complete},
        {"aborted", record.aborted},
        {"fault", record.cause ? json::value(describe(*record.cause).name) : json::value()}};
    file_ << compact_json(line) << '\n';
}

void ledger_file::close()
{
    file_.close();
    if (!file_)
        throw std::runtime_error("cannot write " + path_);
}

} // namespace vidi_tool
