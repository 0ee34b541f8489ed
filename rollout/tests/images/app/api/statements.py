"""Print the statements as the real API does."""

import json
import os

print(json.dumps({"service": "api", "statements": json.loads(os.environ["STATEMENTS"])}))
