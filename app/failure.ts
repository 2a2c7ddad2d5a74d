/** Which errors speak of the database, for surfaces that answer with a status. */
export { isOfDatabase, isRefusedData } from '../store/failure.js';
