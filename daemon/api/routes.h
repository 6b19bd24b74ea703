#pragma once

namespace leadsync::api {

class router;

void add_status_routes(router& routes);
void add_integration_routes(router& routes);
void add_mapping_routes(router& routes);
void add_reconciliation_routes(router& routes);
void add_delivery_routes(router& routes);
void add_retry_routes(router& routes);
void add_lead_routes(router& routes);
void add_import_routes(router& routes);
void add_operation_routes(router& routes);

}  // namespace leadsync::api
