/** What docker-compose.yml's service `secrets` runs before all others: makes the password, and writes it where it belongs. */
import { writeSecrets } from './secrets.ts';

await writeSecrets({ broker: '/broker', connectionFile: '/connection/broker.json', data: '/data', host: 'redis', port: 6379 });
