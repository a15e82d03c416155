#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include "protocol/endpoint.hpp"

#include <boost/system/system_error.hpp>

#include <cstdlib>

namespace vidi {
namespace {

std::string variable(char const* name)
{
    char const* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read only
    return value ? value : "";
}

bool works_without_key(client_config const& config)
{
    error_code ec;
    std::string detail;
    auto const endpoint = protocol::parse_endpoint(config, ec, detail);
    return !ec && protocol::is_loopback(endpoint.origin.host);
}

} // namespace

client_config client_config::openai(secret key)
{
    client_config config;
    config.api_key = std::move(key);
    return config;
}

client_config client_config::dmxapi(secret key)
{
    client_config config;
    config.base_url = "https://www.dmxapi.cn/v1";
    config.api_key = std::move(key);
    return config;
}

client_config client_config::from_environment()
{
    auto key = variable("DMXAPI_API_KEY");
    auto config = key.empty() ? openai(variable("OPENAI_API_KEY")) : dmxapi(std::move(key));
    if (auto url = variable("OPENAI_BASE_URL"); !url.empty())
        config.base_url = std::move(url);
    config.organization = variable("OPENAI_ORG_ID");
    config.project = variable("OPENAI_PROJECT_ID");
    if (config.api_key.empty() && !works_without_key(config)) {
        throw boost::system::system_error(
            errc::missing_api_key, "set DMXAPI_API_KEY or OPENAI_API_KEY in the environment");
    }
    return config;
}

} // namespace vidi
