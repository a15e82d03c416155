#pragma once

/// @file
/// All of vidi.

#include <vidi/admission.hpp>
#include <vidi/api_error.hpp>
#include <vidi/client.hpp>
#include <vidi/client_config.hpp>
#include <vidi/content.hpp>
#include <vidi/error.hpp>
#include <vidi/exchange_info.hpp>
#include <vidi/hedging.hpp>
#include <vidi/input.hpp>
#include <vidi/json.hpp>
#include <vidi/observer.hpp>
#include <vidi/output.hpp>
#include <vidi/pool_statistics.hpp>
#include <vidi/proxy.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>
#include <vidi/retry.hpp>
#include <vidi/secret.hpp>
#include <vidi/settings.hpp>
#include <vidi/text_or_list.hpp>
#include <vidi/tls_options.hpp>
#include <vidi/tool.hpp>
#include <vidi/version.hpp>
