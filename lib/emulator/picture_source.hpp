#pragma once

#include <vidi/testing/emulator.hpp>

#include "emulator/fetch.hpp"
#include "emulator/picture.hpp"
#include "emulator/picture_shelf.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace vidi::emulation {

/// Obtains the pictures that requests name, and decodes them.
class picture_source
{
public:
    /// `own` is where the shelf is served: what is there need not be fetched.
    picture_source(
        testing::emulator_options const& options, picture_shelf const& shelf, web_address own);

    using facts_ptr = std::shared_ptr<picture_facts const>;

    /// Throws `api_error`. `param` is where the request names the URL.
    boost::asio::awaitable<facts_ptr> obtain(std::string url, std::string param);

private:
    boost::asio::awaitable<facts_ptr> obtain_from_web(std::string url, std::string param);
    facts_ptr decode(std::string_view bytes, std::string const& sha256);
    bool is_own(web_address const& address) const;

    testing::emulator_options const& options_;
    picture_shelf const& shelf_;
    web_address own_;
    ssl_ctx_ptr tls_;
    // By SHA-256.
    std::unordered_map<std::string, facts_ptr> known_;
};

} // namespace vidi::emulation
