#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include "client/environment.hpp"
#include "protocol/endpoint.hpp"

#include <boost/system/system_error.hpp>

namespace vidi {
namespace {

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
    auto key = environment_variable("DMXAPI_API_KEY");
    auto config =
        key.empty() ? openai(environment_variable("OPENAI_API_KEY")) : dmxapi(std::move(key));
    if (auto url = environment_variable("OPENAI_BASE_URL"); !url.empty())
        config.base_url = std::move(url);
    config.organization = environment_variable("OPENAI_ORG_ID");
    config.project = environment_variable("OPENAI_PROJECT_ID");
    if (config.api_key.empty() && !works_without_key(config)) {
        throw boost::system::system_error(
            errc::missing_api_key, "set DMXAPI_API_KEY or OPENAI_API_KEY in the environment");
    }
    set_proxy_from_environment(config);
    return config;
}

} // namespace vidi
