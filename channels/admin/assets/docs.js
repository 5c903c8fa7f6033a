"use strict";

// The page stands at /admin/docs; the description beside it.
window.SwaggerUIBundle({ url: "openapi.json", dom_id: "#routes", deepLinking: true, validatorUrl: null });
